//! All flags of an environment, beside the constant and beside `unleash-edge` with the same flags.

use std::io::{Error, Result};

use serde_json::Value;

use crate::compare;
use crate::cores::Core;
use crate::edge::Edge;
use crate::target::{Constant, Target};
use crate::togglebit::{Kind, Togglebit};

const SIZES: [usize; 3] = [5, 50, 350];

pub(super) async fn run() -> Result<()> {
    let togglebit = Togglebit::start(Some(Core::Server)).await?;
    for size in SIZES {
        compare_at(&togglebit, size).await?;
    }
    Ok(())
}

async fn compare_at(togglebit: &Togglebit, size: usize) -> Result<()> {
    let project = format!("flags-{size}");
    togglebit.fill(&project, &["prod".to_owned()], size).await?;
    let key = togglebit.key(&project, "prod", Kind::Server).await?;
    let edge = Edge::start(size).await?;

    let (ours, theirs) = (togglebit.all(&key), edge.all());
    let our_answer = ours.ask().await?;
    let their_answer = theirs.ask().await?;
    let our_flags = our_answer.json()?["flags"].as_object().map(serde_json::Map::len);
    let our_on = our_answer.json()?["flags"]
        .as_object()
        .map(|flags| flags.values().filter(|flag| flag["enabled"] == Value::Bool(true)).count());
    let their_on = their_answer.json()?["toggles"].as_array().map(Vec::len);
    let (Some(our_flags), Some(our_on), Some(their_on)) = (our_flags, our_on, their_on) else {
        return Err(Error::other("an answer without flags"));
    };
    if our_flags != size || our_on * 10 < size * 9 || their_on * 10 < size * 9 {
        return Err(Error::other(format!("of {size} flags {our_flags} and {our_on} on, {their_on} on")));
    }

    let our_constant = Constant::start(&ours, &our_answer).await?;
    let their_constant = Constant::start(&theirs, &their_answer).await?;
    let targets = [
        Target {
            name: format!("Togglebit: {size} flags, {our_on} on"),
            process: &togglebit.process,
            question: ours,
        },
        our_constant.target(),
        Target {
            name: format!("unleash-edge: {their_on} flags on"),
            process: &edge.process,
            question: theirs,
        },
        their_constant.target(),
    ];
    let pairs = [
        ("Togglebit / its constant", 0, 1),
        ("unleash-edge / its constant", 2, 3),
        ("Togglebit / unleash-edge", 0, 2),
    ];
    compare::print(&format!("All flags: {size}"), &targets, &pairs)
}
