"""FreeSWITCH's own records of calls (mod_json_cdr): what closes a call that the line did not see the end of."""

from ivr.records.desk import CallRecords
from ivr.records.record import CallRecord, parse
from ivr.records.wsgi import RecordsApp, patient_server, records_server

__all__ = ["CallRecord", "CallRecords", "RecordsApp", "parse", "patient_server", "records_server"]
