"""Data about people is declared in the contract, and reaches no log line, no error and no standard stream.

The compiler keeps most of it: a log field takes numbers, flags, error ids and SafeText and nothing else. What a type
cannot see is read here: whether the text that is called safe is, and whether every field of the contract was thought
about.
"""

import pathlib
import re
import unittest

from proto_text import all_messages, messages_in
from tree import call_at, code_of, cpp_files, line_of, text_of

# Messages that hold a record, a person or a choice: every text and every message in them is sensitive, or is named below.
RECORD_BEARING = {"When", "Coding", "Coded", "Value", "Detail", "Address", "Telecom", "Contact", "Performer", "Document",
                  "Entry", "ManifestLine", "PersonName", "Demographics", "PersonKey", "Consent", "ConsentScope",
                  "IdentitySummary", "PatientContribution", "PatientClaim", "LocalIdentifier", "PersonNames", "Addresses", "Telecoms", "Draft",
                  "DraftLink", "SectionStatement", "EncounterClaim", "PreferenceClaim", "MergeClaim", "ReviewClaim"}
# Why a text is no data about a person, and which texts. Everything else that is text is sensitive.
NOT_SENSITIVE = {
    "made by the gateway or its configuration: ids, digests, places, rule ids, catalogued words": """
        Entry.entry_id EntryLink.entry_id Entry.masked Entry.rule Demographics.masked Manifest.statement Duty.kind PatientView.warnings
        PatientView.rules PatientView.policy_version Refusal.reason Refusal.advice HeadlineAlert.entry_id EntryGroup.entry_ids
        GetEntryHistoryRequest.entry_id EntryVersion.message_id EntryVersion.taken_over_by EntryHistory.statement
        EntryHistory.warnings EntryHistory.policy_version GetDocumentRequest.entry_id ShownDocument.warnings ShownDocument.rule
        Consent.consent_id
        RecordConsentResponse.consent_id WithdrawConsentRequest.consent_id AuditReceipt.origin AuditReceipt.leaf_hash
        EntrySummary.origin EntrySummary.event_id EntrySummary.kind EntrySummary.purpose EntrySummary.outcome
        SearchEntriesRequest.kind SearchEntriesRequest.page_token SearchEntriesResponse.next_page_token
        GetEntryRequest.origin GetEntryResponse.leaf_hash GetCheckpointRequest.origin GetCheckpointResponse.checkpoint
        GetCheckpointResponse.verifier_key GetInclusionProofRequest.leaf_hash GetInclusionProofRequest.origin
        GetInclusionProofResponse.hashes GetInclusionProofResponse.checkpoint GetConsistencyProofRequest.origin
        GetConsistencyProofResponse.hashes GetConsistencyProofResponse.checkpoint ExportLogRequest.origin
        ExportLogResponse.path QueueItem.item_id CloseReviewRequest.item_id QueueItem.kind QueueItem.reason QueueItem.message_id
        QueueItem.identity_id QueueItem.candidate_person_ids QueueItem.resolution QueueItem.person_id QueueItem.consent_id
        QueueItem.error QueueItem.place QueueItem.advice EntryPlace.origin
        SearchEntriesResponse.unread_origins HealthLine.place ListQueueRequest.kinds
        ListQueueRequest.page_token ListQueueResponse.next_page_token IdentitySummary.identity_id
        IdentitySummary.person_id IdentitySummary.tracing ShowQueueItemRequest.item_id LinkRequest.item_id
        LinkRequest.person_id LinkResponse.person_id UnlinkRequest.identity_id UnlinkResponse.person_id
        SeverPersonRequest.person_id SeverPersonResponse.item_id Match.person_id Match.verdict Match.configuration
        FieldVerdict.field FieldVerdict.verdict
        LinkEvent.identity_id LinkEvent.from_person_id LinkEvent.to_person_id LinkEvent.reason
        ShowPersonRequest.person_id ShowPersonResponse.person_id SubmitRequest.feed NotCarried.place NotCarried.why PatientContribution.not_carried
        PatientOutcome.error PatientOutcome.place PatientOutcome.advice
        SubmitResponse.error SubmitResponse.place SubmitResponse.advice SubmitResponse.message_id Source.feed
        OutcomeCount.outcome OutcomeCount.error
        HeldPatient.outcome HeldPatient.error HeldPatient.place HeldPatient.advice HeldMessage.message_id HeldMessage.feed
        HeldMessage.outcome HeldMessage.error HeldMessage.place HeldMessage.advice Mending.act Mending.error Mending.message_id
        Mending.correction_message_id MendedMessage.message_id MendedMessage.outcome MendedMessage.error MendedMessage.place
        MendedMessage.advice ListMessagesRequest.feed ListMessagesRequest.page_token ListMessagesResponse.next_page_token
        ShowMessageRequest.message_id ReplayMessageRequest.message_id CorrectMessageRequest.message_id
        CloseMessageRequest.message_id Source.adapter Source.state Source.messages HealthLine.component HealthLine.text GetHealthResponse.version
        GetHealthResponse.policy_version ExplainedClass.section ExplainedClass.verdict ExplainedClass.rule
        ExplainedClass.reason ExplainedClass.masked ExplainResponse.outcome ExplainResponse.reason ExplainResponse.rule
        ExplainResponse.duties ExplainResponse.policy_version""",
    "public: what directories of services say of services, and which source says it; of no person": """
        ServiceTerm.id ServiceTerm.name ServiceTerm.taxonomy ServicePlace.name ServicePlace.type ServicePlace.lines
        ServicePlace.postcode ServicePlace.accessibility DirectoryEntry.source DirectoryEntry.service_id DirectoryEntry.name
        DirectoryEntry.status DirectoryEntry.organisation DirectoryEntry.organisation_id DirectoryEntry.description
        DirectoryEntry.alert DirectoryEntry.url DirectoryEntry.email DirectoryEntry.phones DirectoryEntry.fees
        DirectoryEntry.schedules DirectoryEntry.costs DirectoryEntry.areas DirectoryEntry.assured DirectoryEntry.last_modified
        DirectoryState.source SearchServicesRequest.open_on SearchServicesRequest.status SearchServicesRequest.source
        SearchServicesResponse.next_page_token GetServiceRequest.service_id GetServiceRequest.source
        ImportServicesRequest.source ImportServicesRequest.files ImportServicesRequest.file_names DirectorySource.source DirectorySource.state
        DirectorySource.error DirectorySource.place DirectorySource.advice""",
    "a code from the policy's own list, given by the caller": """
        GetPatientViewRequest.reason_code GetPatientViewRequest.declared_relationship LinkRequest.reason_code
        Mending.reason_code ReplayMessageRequest.reason_code
        CorrectMessageRequest.reason_code CloseMessageRequest.reason_code
        UnlinkRequest.reason_code SeverPersonRequest.reason_code CloseReviewRequest.outcome_code""",
    "a reference of the operator's case system, which must name no person": """
        SearchEntriesRequest.case_reference GetEntryRequest.case_reference ExportLogRequest.case_reference
        ExplainRequest.case_reference""",
    "staff and organisations, as certificates and tokens name them; of no patient without the fields beside them": """
        Duty.organisation EntrySummary.organisation EntrySummary.user EntrySummary.sources SearchEntriesRequest.user
        SearchEntriesRequest.organisation SearchEntriesRequest.source QueueItem.organisation QueueItem.caused_by IdentitySummary.source
        LinkEvent.by Source.organisations OutcomeCount.organisation HeldMessage.organisation Mending.by HypotheticalRequester.organisation HypotheticalRequester.user
        HypotheticalRequester.roles HypotheticalRequester.team ExplainedClass.source""",
    "a sender's own words for its messages and for places in its own data; the gateway takes printable ASCII alone": """
        ContributionHeader.control_id ContributionHeader.event ContributionHeader.sender ContributionHeader.sent
        PreferenceClaim.place ReviewClaim.place""",
    "the name of a coding scheme, a field or a kind of use": """
        Coding.system Detail.name Address.use Telecom.system Telecom.use Performer.identifier_system Document.media_type
        PersonName.use LocalIdentifier.type""",
}
ALLOWED = {name: why for why, names in NOT_SENSITIVE.items() for name in names.split()}


def check_contract(messages):
    fields = {field.full: field for of in messages.values() for field in of}
    for field in fields.values():
        text = field.type in ("string", "bytes") or field.type.startswith("map<")
        message = field.type in messages or field.type.startswith("google.protobuf.")
        asked = text or (message and field.message in RECORD_BEARING)
        if asked and not field.sensitive and field.full not in ALLOWED:
            yield f"{field.path}: {field.full}: write [(sensitive) = true], or say in NOT_SENSITIVE why it is not"
    for name in ALLOWED:
        if name not in fields:
            yield f"NOT_SENSITIVE: there is no {name}"
        elif fields[name].sensitive:
            yield f"NOT_SENSITIVE: {name} is marked sensitive; take it off the list"
    for name in RECORD_BEARING - set(messages):
        yield f"RECORD_BEARING: there is no {name}"


# What a value is called where it is a person's or a message's. SafeText is never made of one.
PERSONAL = {"payload", "body", "message", "text", "content", "bytes", "contribution", "claim", "patient", "person", "family",
            "given", "forename", "surname", "nhs", "birth", "dob", "postcode", "address", "value", "entry", "entries",
            "demographics", "request", "response", "reply", "token", "bearer", "password", "segment", "title", "consent"}
# Expressions that look so and are not, with why.
KNOWN_SAFE = {
    "peer.organisation.text()": "the ODS code of a verified certificate",
    "peer_.certificate->organisation.text()": "the ODS code of a verified certificate",
    "organisation.text()": "the ODS code of a verified certificate, or of the policy",
    "peer_.address": "the network address of a connection",
    "taken.message.feed->name": "the configured name of a feed",
}
# Errors are logged and returned: what stands beside their literal words is a place.
NEVER_IN_ERRORS = {"payload", "body", "family", "given", "nhs", "birth", "postcode", "contribution", "bearer", "password",
                   "demographics"}


def words_of(expression):
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", expression)}


def calls_of(code, pattern):
    for match in re.finditer(pattern, code):
        opening = match.end() - 1
        yield line_of(code, match.start()), match, call_at(code, opening)[1:-1]


def split_at_commas(arguments):
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(arguments):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append(arguments[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, arguments[start:]] if part.strip()]


def check_safe_text(path, text):
    """What is called configured, certified, catalogued or a path is not a person's or a message's."""
    for line, match, argument in calls_of(code_of(text), r"\bSafeText::(Configured|Certified|Catalogued|Path)\("):
        argument = " ".join(argument.split())
        if argument in KNOWN_SAFE:
            continue
        personal = words_of(argument) & PERSONAL
        if personal:
            yield f"{path}:{line}: SafeText::{match[1]}({argument}): {', '.join(sorted(personal))} may be a person's"


def check_fields(path, text):
    """Each field of a log line is SafeText, an error's id, a flag or a number; nothing is joined together on the way."""
    for line, _, arguments in calls_of(code_of(text), r"(?<![\w~])(?:base::)?\bLog\("):
        parts = split_at_commas(arguments)
        if len(parts) < 2 or not parts[1].startswith("{"):
            continue
        for field in split_at_commas(parts[1][1:-1]):
            name_and_value = split_at_commas(field[1:-1])
            if len(name_and_value) != 2:
                yield f"{path}:{line}: {field}: a field is a name and a value"
                continue
            name, value = name_and_value
            if name != '""':
                yield f"{path}:{line}: the name of a field is written out"
            if "SafeText::" not in value and re.search(r"""["+]|std::string|\.(c_str|data|text|digits|str|ToString)\(""", value):
                yield f"{path}:{line}: {value}: text enters a log line as SafeText alone"


def check_errors(path, text):
    """An error's place and advice are words of ours; what is joined to them is never a value."""
    for line, _, arguments in calls_of(code_of(text), r"\b(?:base::)?Error\s*\{"):
        personal = words_of(arguments) & NEVER_IN_ERRORS
        if personal and "ErrorId" in arguments:
            yield f"{path}:{line}: an error is made with {', '.join(sorted(personal))}"


def check_streams(path, text):
    """Nothing is printed but by the command line, and nothing that a message holds is printed for debugging at all."""
    code = code_of(text)
    for number, line in enumerate(code.splitlines(), 1):
        if re.search(r"\b(Short)?DebugString\(|\bUtf8DebugString\(|PrintToString\(", line):
            yield f"{path}:{number}: a whole message is never printed for debugging"
        if str(path).startswith("gateway/command/") or str(path) == "gateway/base/log.cc":
            continue
        if re.search(r"std::(cout|cerr|clog)\b|\b(f?printf|puts|syslog)\(|\bspdlog::", line):
            yield f"{path}:{number}: what is to be said goes through base::Log"


def check_file(path, text):
    for check in (check_safe_text, check_fields, check_errors, check_streams):
        yield from check(path, text)


class Sensitive(unittest.TestCase):
    def test_every_field_of_the_contract_is_declared(self):
        messages = all_messages()
        self.assertGreater(len(messages), 40)
        found = list(check_contract(messages))
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_no_log_line_error_or_stream_is_given_data_of_a_person(self):
        found = [problem for path in cpp_files("gateway", "adapters") for problem in check_file(path, text_of(path))]
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_every_log_call_is_read(self):
        calls = sum(len(list(calls_of(code_of(text_of(path)), r"(?<![\w~])(?:base::)?\bLog\((?=\s*(base::)?LogId::)")))
                    for path in cpp_files("gateway", "adapters"))
        self.assertGreater(calls, 20)

    def test_finds_what_it_is_for(self):
        path = pathlib.PurePath("gateway/x/x.cc")
        for line in [
            'Log(base::LogId::kReady, {{"x", base::SafeText::Path(message.text)}});',
            'Log(base::LogId::kReady, {{"x", base::SafeText::Catalogued(row.payload)}});',
            'Log(base::LogId::kReady,\n    {{"x", base::SafeText::Configured(patient.name)}});',
            'Log(base::LogId::kReady, {{"x", name.c_str()}});',
            'Log(base::LogId::kReady, {{"x", "patient " + name}});',
            'return base::Error{base::ErrorId::kMessageInvalid, "PID-5", "not a name: " + family};',
            'std::cerr << message;',
            'Say(view.ShortDebugString());',
        ]:
            self.assertTrue(list(check_file(path, line)), line)
        for line in [
            'Log(base::LogId::kReady, {{"feed", base::SafeText::Configured(feed_->name)}, {"messages", messages_}});',
            'Log(base::LogId::kReady, {{"error", error.id}, {"place", base::SafeText::Path(error.place)}});',
            '// std::cerr << message',
        ]:
            self.assertEqual(list(check_file(path, line)), [], line)

    def test_finds_a_field_that_nobody_declared(self):
        messages = dict(all_messages())
        messages.update(messages_in("message Allergen {\n  string substance = 1;\n}\n"))
        self.assertTrue(list(check_contract(messages)))


if __name__ == "__main__":
    unittest.main()
