//! Arbitrary documents: a line that is a context, a line that is a flag, a line that is a segment. Whatever they are, they
//! are answered, every way in leads to the same answer, and the explanation agrees with it.
#![no_main]

use engine::ruleset::{Flag, Segment};
use engine::{Change, Compiled, Context};
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_767_225_600_000;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let context = lines.next().unwrap_or_default();
    let flag = lines.next().unwrap_or_default();
    let segment = lines.next().unwrap_or_default();
    let context = Context::from_json(context.as_bytes()).unwrap_or_default();
    let compiled = compile(flag, segment);
    let expected = answers(&compiled, &context);
    if let Ok(flag) = serde_json::from_str::<Flag>(flag) {
        let written = serde_json::to_string(&flag).unwrap();
        assert_eq!(serde_json::from_str::<Flag>(&written).unwrap(), flag);
        assert_eq!(answers(&compile(&written, segment), &context), expected);
    }
    if let Ok(segment) = serde_json::from_str::<Segment>(segment) {
        let written = serde_json::to_string(&segment).unwrap();
        assert_eq!(serde_json::from_str::<Segment>(&written).unwrap(), segment);
        assert_eq!(answers(&compile(flag, &written), &context), expected);
    }
    let changed = compiled.with_changes(1, [Change::Flag("f", None), Change::Segment("s", None)]);
    assert_eq!(answers(&changed.with_changes(1, changes(flag, segment)), &context), expected);
});

/// The flag under two keys, so that one may need the other.
fn changes<'d>(flag: &'d str, segment: &'d str) -> [Change<'d>; 3] {
    [Change::Flag("f", Some(flag)), Change::Flag("g", Some(flag)), Change::Segment("s", Some(segment))]
}

fn compile(flag: &str, segment: &str) -> Compiled {
    Compiled::from_documents(1, changes(flag, segment))
}

/// Every answer in every field, and every warning.
fn answers(compiled: &Compiled, context: &Context<'_>) -> Vec<String> {
    let mut answers = Vec::new();
    for flag in compiled.flags() {
        for now in [NOW, i64::MIN, i64::MAX] {
            let detail = format!("{:?}", flag.evaluate(context, now));
            let explanation = flag.explain(context, now);
            assert_eq!(format!("{:?}", explanation.detail), detail);
            assert!(serde_json::to_string(&explanation).is_ok());
            answers.push(detail);
        }
    }
    answers.extend(compiled.warnings().map(ToString::to_string));
    answers
}
