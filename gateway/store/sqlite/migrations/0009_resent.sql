-- What was asked of people about one message: asked when a message that was quarantined is sent again.
CREATE INDEX queue_by_message ON queue (message) WHERE message IS NOT NULL;
