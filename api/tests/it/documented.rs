//! What goes over the wire is what the document says. Every request of every test is held against it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::client::Answer;

/// The document as it is sent.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| json!(api::openapi::document()));

/// An operation, with everything in it that has a schema compiled.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) said: &'static Value,
    body: Option<Validator>,
    answers: BTreeMap<u16, Option<Validator>>,
}

/// All operations.
pub(crate) static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, said)| Operation::new(method, path, said))
    });
    operations.collect()
});

impl Operation {
    fn new(method: &str, path: &str, said: &'static Value) -> Self {
        let answers = said["responses"].as_object().unwrap().iter().map(|(status, answer)| {
            // Where there are several kinds, all of them are texts.
            let content = resolve(answer)["content"].as_object();
            let schema = content.and_then(|kinds| kinds.values().next()).map(|content| &content["schema"]);
            (status.parse().unwrap(), schema.map(validator))
        });
        let body = &said["requestBody"]["content"]["application/json"]["schema"];
        Self {
            method: method.to_uppercase().parse().unwrap(),
            path: path.to_owned(),
            said,
            body: (!body.is_null()).then(|| validator(body)),
            answers: answers.collect(),
        }
    }

    /// The operation that answers such a request; HEAD is answered by that for GET.
    fn find(method: &Method, path: &str) -> Option<&'static Self> {
        let path = path.replacen("/api/eval/", "/api/v1/eval/", 1).replacen("//ofrep/", "/ofrep/", 1);
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let fits = |template: &str| {
            let (mut parts, mut sent) = (template.split('/'), path.split('/'));
            let mut each = parts.by_ref().zip(sent.by_ref());
            let is_alike = each.all(|(part, sent)| part == sent || part.starts_with('{') && !sent.is_empty());
            is_alike && template.split('/').count() == path.split('/').count()
        };
        // What is written out goes before what is variable, as in the router.
        let found = OPERATIONS.iter().filter(|found| found.method == *method && fits(&found.path));
        found.min_by_key(|found| found.path.matches('{').count())
    }
}

/// Asserts that an answer is one that the document knows, and that what was taken is what it allows.
pub(crate) fn check(method: &Method, path: &str, body: &Bytes, answer: &Answer) {
    let what = format!("{method} {path}");
    let Some(operation) = Operation::find(method, path) else {
        // What a browser asks before a page's request is no operation.
        if *method == Method::OPTIONS && answer.status == StatusCode::NO_CONTENT {
            return;
        }
        // Who asks is read before the method is looked at.
        let refusals = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::UNAUTHORIZED];
        assert!(refusals.contains(&answer.status), "{what} is not documented: {answer:?}");
        return;
    };
    let Some(schema) = operation.answers.get(&answer.status.as_u16()) else {
        panic!("{what} answers what is not documented: {answer:?}");
    };
    match schema {
        Some(schema) => assert_valid(schema, &answer.body, &what),
        None => {
            assert!(answer.body.is_null(), "{what} answers with a body that is not documented: {answer:?}");
        }
    }
    let Some(schema) = operation.body.as_ref().filter(|_| answer.status.is_success()) else { return };
    match serde_json::from_slice(body) {
        Ok(body) => assert_valid(schema, &body, &what),
        // It may be deeper than a `Value` can be.
        Err(_) => assert!(!body.is_empty() || operation.said["requestBody"]["required"] != true, "{what}"),
    }
}

fn assert_valid(schema: &Validator, value: &Value, what: &str) {
    let errors: Vec<_> =
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}");
}

/// A schema of the document, with all that it refers to.
pub(crate) fn validator(schema: &Value) -> Validator {
    let mut whole = schema.clone();
    whole["components"] = json!({"schemas": DOCUMENT["components"]["schemas"]});
    jsonschema::draft202012::options().should_validate_formats(true).build(&whole).unwrap()
}

/// What a reference refers to, or what is there itself.
pub(crate) fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT
            .pointer(reference.strip_prefix('#').unwrap())
            .unwrap_or_else(|| panic!("there is no {reference}")),
        None => value,
    }
}
