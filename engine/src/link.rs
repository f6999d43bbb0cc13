//! Which flags and segments name which, found out once for each revision.

use std::sync::Arc;

use crate::flag::{Body, CompiledFlag};
use crate::graph;
use crate::limits::{PREREQUISITE_EVALUATIONS, RULE_SEGMENT_EVALUATIONS, SEGMENT_DEPTH, SEGMENT_EVALUATIONS};
use crate::segment::CompiledSegment;
use crate::table::{Keyed, Table};
use crate::warning::{Subject, Warning};

/// A flag among the others.
#[derive(Debug)]
pub(crate) struct LinkedFlag {
    pub(crate) flag: Arc<CompiledFlag>,
    /// For each prerequisite the place of its flag, where there is one.
    pub(crate) prerequisites: Box<[Option<usize>]>,
    /// For each segment that the rules name its place. One that is missing is named by rules out of service alone.
    pub(crate) segments: Box<[usize]>,
    /// For each rule whether it is out of service; empty where none is.
    pub(crate) off: Box<[bool]>,
    /// Whether its prerequisites take it out of service.
    pub(crate) is_malformed: bool,
    warnings: Vec<Warning>,
}

/// A segment among the others.
#[derive(Debug)]
pub(crate) struct LinkedSegment {
    pub(crate) segment: Arc<CompiledSegment>,
    pub(crate) segments: Box<[usize]>,
    /// Whether rules may name it.
    pub(crate) is_usable: bool,
    needs: Needs,
    warnings: Vec<Warning>,
}

/// Stands for a segment that is missing.
const MISSING: usize = usize::MAX;

impl Keyed for LinkedFlag {
    fn key(&self) -> &str {
        self.flag.key()
    }
}

impl Keyed for LinkedSegment {
    fn key(&self) -> &str {
        self.segment.key()
    }
}

impl LinkedFlag {
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.flag.warnings().iter().chain(&self.warnings)
    }

    fn warn(&mut self, message: String) {
        self.warnings.push(Warning::new(Subject::Flag, self.flag.key(), message));
    }
}

impl LinkedSegment {
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.segment.warnings.iter().chain(&self.warnings)
    }

    fn warn(&mut self, message: String) {
        self.is_usable = false;
        self.warnings.push(Warning::new(Subject::Segment, self.segment.key(), message));
    }
}

/// Links segments to the segments that they use.
pub(crate) fn segments(segments: Vec<Arc<CompiledSegment>>) -> Table<LinkedSegment> {
    let linked = |segment: Arc<CompiledSegment>| LinkedSegment {
        is_usable: segment.body.is_some(),
        segment,
        segments: Box::default(),
        needs: Needs::default(),
        warnings: Vec::new(),
    };
    let mut table = Table::new(segments.into_iter().map(linked).collect());
    let named = |linked: &LinkedSegment| match &linked.segment.body {
        Some(body) => body.segments.iter().map(|key| table.place(key).unwrap_or(MISSING)).collect(),
        None => Vec::new(),
    };
    let links: Vec<Vec<usize>> = table.entries().iter().map(named).collect();
    let edges: Vec<Vec<usize>> =
        links.iter().map(|links| links.iter().copied().filter(|place| *place != MISSING).collect()).collect();
    for component in graph::components(&edges) {
        let is_cycle = graph::is_cycle(&edges, &component);
        for place in component {
            let Some(entry) = table.entries().get(place) else { continue };
            let Some(body) = &entry.segment.body else { continue };
            let links = links.get(place).map(Vec::as_slice).unwrap_or_default();
            let fault = if is_cycle {
                Some("when: uses itself, directly or through other segments".to_owned())
            } else {
                body.segments.iter().zip(links).find_map(|(key, link)| unusable(&table, key, *link))
            };
            let mut need = Needs { evaluations: 1, depth: 1 };
            // Each as often as it is named: that is how often it may be asked.
            body.each_segment(&mut |named| {
                let below = links.get(named).and_then(|link| table.at(*link));
                let below = below.map(|below| below.needs).unwrap_or_default();
                need.evaluations = need.evaluations.saturating_add(below.evaluations);
                need.depth = need.depth.max(below.depth.saturating_add(1));
            });
            let fault = fault.or_else(|| need.excess());
            if let Some(entry) = table.entries_mut().get_mut(place) {
                entry.segments = links.into();
                entry.needs = need;
                if let Some(message) = fault {
                    entry.warn(message);
                }
            }
        }
    }
    table
}

/// What asking a segment takes.
#[derive(Clone, Copy, Debug, Default)]
struct Needs {
    evaluations: u32,
    depth: u32,
}

impl Needs {
    fn excess(self) -> Option<String> {
        if self.depth > SEGMENT_DEPTH {
            Some(format!("when: segments use segments more than {SEGMENT_DEPTH} deep"))
        } else if self.evaluations > SEGMENT_EVALUATIONS {
            Some(format!("when: needs more than {SEGMENT_EVALUATIONS} segments"))
        } else {
            None
        }
    }
}

/// Why a segment cannot be used, if so.
fn unusable(segments: &Table<LinkedSegment>, key: &str, place: usize) -> Option<String> {
    match segments.at(place) {
        None => Some(format!("when: no segment `{key}`")),
        Some(linked) if !linked.is_usable => Some(format!("when: the segment `{key}` cannot be used")),
        Some(_) => None,
    }
}

/// Links flags to their prerequisites and segments.
pub(crate) fn flags(flags: Vec<Arc<CompiledFlag>>, segments: &Table<LinkedSegment>) -> Table<LinkedFlag> {
    let mut table = Table::new(flags.into_iter().map(|flag| link_segments(flag, segments)).collect());
    let mut links = Vec::with_capacity(table.entries().len());
    let mut edges = Vec::with_capacity(table.entries().len());
    for linked in table.entries() {
        let prerequisites = linked.flag.body.as_ref().map(|body| &*body.prerequisites).unwrap_or_default();
        let places: Box<[_]> = prerequisites.iter().map(|asked| table.place(&asked.flag)).collect();
        edges.push(places.iter().copied().flatten().collect::<Vec<_>>());
        links.push(places);
    }
    let mut needs = vec![1_u32; edges.len()];
    for component in graph::components(&edges) {
        let is_cycle = graph::is_cycle(&edges, &component);
        for place in component {
            let Some(below) = edges.get(place).filter(|below| !below.is_empty()) else { continue };
            let asked = below.iter().filter_map(|below| needs.get(*below));
            let needed = asked.fold(1_u32, |sum, need| sum.saturating_add(*need));
            let fault = if is_cycle {
                Some("prerequisites: needs itself, directly or through other flags".to_owned())
            } else if needed > PREREQUISITE_EVALUATIONS {
                Some(format!("prerequisites: need more than {PREREQUISITE_EVALUATIONS} evaluations"))
            } else {
                None
            };
            if let (None, Some(slot)) = (&fault, needs.get_mut(place)) {
                *slot = needed;
            }
            if let (Some(message), Some(entry)) = (fault, table.entries_mut().get_mut(place)) {
                entry.is_malformed = true;
                entry.warn(message);
            }
        }
    }
    for (place, prerequisites) in links.into_iter().enumerate().filter(|(_, links)| !links.is_empty()) {
        let messages =
            table.at(place).map(|linked| doubts(linked, &prerequisites, &table)).unwrap_or_default();
        if let Some(entry) = table.entries_mut().get_mut(place) {
            entry.prerequisites = prerequisites;
            messages.into_iter().for_each(|message| entry.warn(message));
        }
    }
    table
}

/// What makes prerequisites impossible to meet.
fn doubts(linked: &LinkedFlag, places: &[Option<usize>], flags: &Table<LinkedFlag>) -> Vec<String> {
    let Ok(Body { prerequisites, .. }) = &linked.flag.body else { return Vec::new() };
    let doubt = |(number, (asked, place)): (usize, (&crate::flag::Prerequisite, &Option<usize>))| {
        let Some(other) = place.and_then(|place| flags.at(place)) else {
            return Some(format!("prerequisites[{number}].flag: no flag `{}`", asked.flag));
        };
        if other.flag.body.is_err() {
            return Some(format!("prerequisites[{number}].flag: the flag `{}` cannot be used", asked.flag));
        }
        let unknown =
            asked.variations.iter().find(|wanted| !other.flag.variations().any(|key| *key == ***wanted));
        unknown.map(|variation| format!("prerequisites[{number}].variations: no variation `{variation}`"))
    };
    prerequisites.iter().zip(places).enumerate().filter_map(doubt).collect()
}

fn link_segments(flag: Arc<CompiledFlag>, segments: &Table<LinkedSegment>) -> LinkedFlag {
    let mut linked = LinkedFlag {
        flag: Arc::clone(&flag),
        prerequisites: Box::default(),
        segments: Box::default(),
        off: Box::default(),
        is_malformed: false,
        warnings: Vec::new(),
    };
    let Ok(body) = &flag.body else { return linked };
    if body.segments.is_empty() {
        return linked;
    }
    linked.segments = body.segments.iter().map(|key| segments.place(key).unwrap_or(MISSING)).collect();
    let mut off = vec![false; body.rules.len()];
    let mut needed = 0_u32;
    for (rule, off) in body.rules.iter().zip(&mut off) {
        let mut fault = None;
        let mut with_it = needed;
        rule.when.each_segment(&mut |place| {
            let named = body.segments.get(place).zip(linked.segments.get(place));
            let Some((key, place)) = named else { return };
            fault = fault.take().or_else(|| unusable(segments, key, *place));
            let need = segments.at(*place).map(|segment| segment.needs.evaluations);
            with_it = with_it.saturating_add(need.unwrap_or_default());
        });
        let is_too_much = with_it > RULE_SEGMENT_EVALUATIONS;
        let fault = fault.or_else(|| is_too_much.then(too_much));
        match fault {
            None => needed = with_it,
            Some(message) => {
                *off = true;
                linked.warn(format!("rules[{}].{message}", rule.place));
            }
        }
    }
    if off.contains(&true) {
        linked.off = off.into();
    }
    linked
}

fn too_much() -> String {
    format!("when: with the rules before it, needs more than {RULE_SEGMENT_EVALUATIONS} segments")
}
