#!/usr/bin/env python3
"""A befriending group's spreadsheet of visits, as entries of the shared record.

An adapter outside the gateway, in a hundred lines: each row of the sheet becomes one milecastle.v1.Contribution, and all of
them go over one stream of IntakeService.Submit, on the group's own certificate. What became of each is printed. The number of
the last row whose outcome is durable stands in a file, so that it goes on where it was stopped; what was sent twice all the
same is answered as a duplicate, for a row makes the same bytes each time.

    python3 send_visits.py --sheet visits.csv --state visits.state --gateway localhost:8443 \\
        --ca authority.pem --cert LOCALFRIENDS-visits-sheet.pem --key LOCALFRIENDS-visits-sheet.key

Exit code: 0 every row was taken, 1 some were not, 4 the gateway could not be reached or could not take a row now.
"""

import argparse
import csv
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

import grpc

PROTO = pathlib.Path(__file__).resolve().parents[3] / "proto"


def stubs():
    """Generated from the contract: nothing of it is written down here a second time."""
    folder = tempfile.mkdtemp(prefix="milecastle-stubs.")
    subprocess.run(["protoc", "-I", PROTO, "--python_out", folder, "--grpc_python_out", folder,
                    "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin",
                    *sorted(PROTO.glob("milecastle/v1/*.proto"))], check=True)
    sys.path.insert(0, folder)
    from milecastle.v1 import contribution_pb2, intake_pb2, intake_pb2_grpc, record_pb2
    return contribution_pb2, intake_pb2, intake_pb2_grpc, record_pb2


contribution, intake, intake_grpc, record = stubs()

SENDER = "LOCALFRIENDS"
# What the group's words for the state of a visit mean. A word that is not here stops the program: nothing is guessed.
STATES = {
    "done": (record.CLINICAL_STATUS_COMPLETED, record.INTENT_DONE),
    "planned": (record.CLINICAL_STATUS_PLANNED, record.INTENT_PLANNED),
    "cancelled": (record.CLINICAL_STATUS_CANCELLED, record.INTENT_NOT_DONE),
    "mistake": (record.CLINICAL_STATUS_UNSTATED, record.INTENT_UNSTATED),  # it never was: somebody else's, a wrong row
}


def claim_of(row):
    claim = contribution.PatientClaim(nhs_number=row["nhs_number"], birth_date=row["birth_date"])
    # The group asks the practice of each number, which is no trace: nothing is said of one, and the feed's share_untraced decides.
    # Of a number that nobody was asked about say NHS_NUMBER_TRACING_NOT_TRACED: it is then not shared on.
    claim.local_identifiers.add(authority=SENDER, type="MEMBER", value=row["member"])
    claim.names.names.add(family=row["family_name"], given=row["given_name"])
    return claim


def entry_of(row):
    status, intent = STATES[row["state"]]
    entry = record.Entry(section=record.SECTION_CONTACTS_WITH_PROFESSIONALS, kind=record.ENTRY_KIND_ENCOUNTER, status=status,
                         intent=intent, verification=record.VERIFICATION_UNSTATED, subject=record.ENTRY_SUBJECT_PATIENT,
                         status_original=row["state"])
    if row["state"] == "mistake":
        entry.verification = record.VERIFICATION_ENTERED_IN_ERROR
    entry.what.text = "Befriending visit"
    entry.effective.original = row["date"]  # ISO 8601: the gateway reads it
    entry.performers.add(name=row["volunteer"], role="volunteer", organisation=SENDER)
    if row["note"]:
        entry.free_text.append(row["note"])
    return entry


def message_of(row):
    """One row, always the same bytes. Its name is made of what it says: a row that was changed is another message."""
    key = "visit:" + row["visit"]
    message = contribution.Contribution()
    digest = hashlib.sha256("\x1f".join(row.values()).encode()).hexdigest()
    message.header.control_id = f"{row['visit']}-{digest[:16]}"
    message.header.event = "befriending-visit"
    message.header.sender = SENDER
    patient = message.patients.add(patient=claim_of(row))
    if row.get("changed"):  # when the row was last written: an older one that comes later, or is put back, is history
        patient.version.made.original = row["changed"]
    if row["state"] == "deleted":
        patient.withdrawn_keys.append(key)
    else:
        patient.drafts.add(source_key=key, entry=entry_of(row))
    if row["mileage"]:
        patient.not_carried.add(place="column mileage", why="the volunteer's expenses, no part of the record")
    return message.SerializeToString(deterministic=True)


def requests(rows, feed, first):
    """The sequence is the row's number: what comes back says which row it is about."""
    for number, row in enumerate(rows):
        if number >= first:
            yield intake.SubmitRequest(feed=feed, sequence=number, message=message_of(row))


def keep(state, next_row):
    """Durable before anything else is believed of it."""
    new = state.with_suffix(".new")
    with new.open("w") as file:
        file.write(f"{next_row}\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(state)


def word_of(outcome):
    return intake.Disposition.Name(outcome.disposition).removeprefix("DISPOSITION_").lower()


def print_outcome(row, outcome):
    print(f"{row['visit']}: {word_of(outcome)}", *filter(None, [outcome.error, outcome.place, outcome.advice]), sep="  ")
    for left in outcome.not_carried:
        print(f"    not carried: {left.place}: {left.why}")


def send(stub, rows, flags):
    """Rows that were not taken are printed and passed over: they are mended in the sheet, and then sent as new ones."""
    first = int(flags.state.read_text()) if flags.state.exists() else 0
    all_taken = True
    for outcome in stub.Submit(requests(rows, flags.feed, first)):
        print_outcome(rows[outcome.sequence], outcome)
        if outcome.disposition == intake.DISPOSITION_FAILED:
            return 4  # nothing was committed: this row comes first the next time
        all_taken &= outcome.disposition in (intake.DISPOSITION_ACCEPTED, intake.DISPOSITION_DUPLICATE)
        keep(flags.state, outcome.sequence + 1)
    return 0 if all_taken else 1


def flags_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--sheet", "--state", "--ca", "--cert", "--key"):
        parser.add_argument(name, type=pathlib.Path, required=True)
    parser.add_argument("--gateway", required=True, help="HOST:PORT")
    parser.add_argument("--feed", default="dale-befriending")
    return parser.parse_args(arguments)


def main(arguments=None):
    flags = flags_of(arguments)
    with flags.sheet.open(newline="", encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    for number, row in enumerate(rows, 2):
        if None in row.values() or row["state"] not in {*STATES, "deleted"}:
            sys.exit(f"{flags.sheet}, line {number}: a column is missing, or its state is none of {', '.join(STATES)} and deleted")
    credentials = grpc.ssl_channel_credentials(flags.ca.read_bytes(), flags.key.read_bytes(), flags.cert.read_bytes())
    with grpc.secure_channel(flags.gateway, credentials) as channel:
        try:
            return send(intake_grpc.IntakeServiceStub(channel), rows, flags)
        except grpc.RpcError as error:
            print(f"{flags.gateway}: {error.code().name}: {error.details()}", file=sys.stderr)
            return 4


if __name__ == "__main__":
    sys.exit(main())
