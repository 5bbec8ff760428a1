-- When a source last gave anything for anybody.
CREATE INDEX sources_by_source ON sources (source, last);
