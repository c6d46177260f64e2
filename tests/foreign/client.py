"""A foreign client: calls Caseload from Python by reflection alone, without generated code.

It learns every message and method from the server, as a firm's own system could.

    client.py request --intake HOST:PORT --firm firms/ID     creates a matter and a request, and submits it
    client.py invoice --billing HOST:PORT --name NAME        reads an invoice, its lines and its LEDES file

The access token is taken from the environment variable CASELOAD_TOKEN. What was learnt is printed as JSON.
"""

import argparse
import base64
import datetime
import json
import os
import sys
import uuid

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)


class Service:
    """One gRPC service, as its server describes it."""

    def __init__(self, address, full_name):
        self.channel = grpc.insecure_channel(address)
        database = ProtoReflectionDescriptorDatabase(self.channel)
        if full_name not in database.get_services():
            raise SystemExit(f"{address} does not serve {full_name}")
        self.pool = descriptor_pool.DescriptorPool(database)
        self.descriptor = self.pool.FindServiceByName(full_name)
        self.metadata = (("authorization", f"Bearer {os.environ['CASELOAD_TOKEN']}"),)

    def call(self, method, request):
        """Calls a method with a request given as JSON-like data, and answers the same."""
        described = self.descriptor.FindMethodByName(method)
        into = message_factory.GetMessageClass(described.input_type)
        out_of = message_factory.GetMessageClass(described.output_type)
        send = self.channel.unary_unary(
            f"/{self.descriptor.full_name}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=out_of.FromString,
        )
        message = json_format.ParseDict(
            request, into(), descriptor_pool=self.pool
        )
        answer = send(message, metadata=self.metadata, timeout=20)
        return json_format.MessageToDict(
            answer, descriptor_pool=self.pool, preserving_proto_field_name=True
        )


def create_request(intake, firm):
    """Creates a matter and a request with one task for the firm, and submits it."""
    matters = Service(intake, "caseload.intake.v1.MatterService")
    requests = Service(intake, "caseload.intake.v1.RequestService")
    tasks = Service(intake, "caseload.intake.v1.TaskService")
    firms = Service(intake, "caseload.intake.v1.FirmService")
    supervisors = firms.call("GetFirm", {"name": firm})["supervising_attorneys"]
    matter = matters.call(
        "CreateMatter",
        {
            "parent": firm,
            "matter": {
                "caption": "Graham v. John Deere Co.",
                "docket_number": "11",
                "client_display_name": "William T. Graham",
                "client_matter_number": "GRAHAM-11",
                "practice_area": "Patent Law",
                "parties": [
                    {"display_name": "William T. Graham", "role": "PARTY_ROLE_CLIENT"},
                    {"display_name": "John Deere Company", "role": "PARTY_ROLE_ADVERSE"},
                ],
            },
            "request_id": str(uuid.uuid4()),
        },
    )
    request_id = str(uuid.uuid4())
    draft = {
        "parent": firm,
        "request": {
            "matter": matter["name"],
            "title": "Prior art on shank and hinge plates",
            "supervising_attorney_id": supervisors[0]["attorney_id"],
        },
        "request_id": request_id,
    }
    request = requests.call("CreateRequest", draft)
    replayed = requests.call("CreateRequest", draft)
    if replayed["name"] != request["name"]:
        raise SystemExit("a replayed request id made a second request")
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=14)
    task = tasks.call(
        "CreateTask",
        {
            "parent": firm,
            "task": {
                "request": request["name"],
                "title": "Search the prior art and chart the claims",
                "kind": "TASK_KIND_LEGAL_RESEARCH",
                "practice_area": "Patent Law",
                "effort_estimate": "14400s",
                "due_time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "pricing": {"hourly": {}},
                "utbms_task_code": "L120",
            },
            "request_id": str(uuid.uuid4()),
        },
    )
    submitted = requests.call("SubmitRequest", {"name": request["name"]})
    return {"request": submitted, "task": task, "matter": matter}


def read_invoice(billing, name):
    """Reads an invoice, its lines and its LEDES file, and checks the file with an independent reader."""
    from ledes_parser.ledes_parser import get_parser

    invoices = Service(billing, "caseload.billing.v1.InvoiceService")
    invoice = invoices.call("GetInvoice", {"name": name})
    lines = invoices.call("ListInvoiceLines", {"parent": name, "page_size": 1000})
    exported = invoices.call(
        "ExportInvoice", {"name": name, "format": "INVOICE_FORMAT_LEDES_1998B"}
    )
    content = base64.b64decode(exported["content"]).decode("ascii")
    # The reader raises when the file is not LEDES 1998B.
    get_parser("LEDES98B").parse(content)
    return {
        "invoice": invoice,
        "lines": lines.get("invoice_lines", []),
        "ledes": content,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    request = commands.add_parser("request")
    request.add_argument("--intake", required=True)
    request.add_argument("--firm", required=True)
    invoice = commands.add_parser("invoice")
    invoice.add_argument("--billing", required=True)
    invoice.add_argument("--name", required=True)
    given = parser.parse_args()
    if given.command == "request":
        learnt = create_request(given.intake, given.firm)
    else:
        learnt = read_invoice(given.billing, given.name)
    json.dump(learnt, sys.stdout, ensure_ascii=False, indent=2)
    print()


if __name__ == "__main__":
    main()
