"""Asks flags as OpenFeature's SDK for Python does: reads what to ask as JSON, and prints a JSON list of what it was told."""

import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

asked = json.load(sys.stdin)
headers = {"Authorization": f"Bearer {asked['key']}"}
api.set_provider(OFREPProvider(asked["baseUrl"], headers_factory=lambda: headers))
client = api.get_client()

KINDS = {
    bool: client.get_boolean_details,
    str: client.get_string_details,
    int: client.get_integer_details,
    float: client.get_float_details,
    dict: client.get_object_details,
}


def ask(question):
    context = question.get("context")
    if context is not None:
        context = EvaluationContext(context.pop("targetingKey", None), context)
    default = question["default"]
    details = KINDS[type(default)](question["flag"], default, context)
    return {
        "value": details.value,
        "reason": details.reason,
        "variant": details.variant,
        "errorCode": details.error_code,
        "errorMessage": details.error_message,
        "flagMetadata": details.flag_metadata,
    }


json.dump([ask(question) for question in asked["questions"]], sys.stdout)
