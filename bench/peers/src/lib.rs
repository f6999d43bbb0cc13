//! The evaluation engine beside other vendors' published Rust evaluation crates: the same seven flags, the same context.
//!
//! A module per vendor builds everything that its crate lets one build beforehand; what is returned are closures,
//! and one call is one evaluation through the cheapest entry point that the crate makes public.
//!
//! - `prepare()` builds the vendor's flags and context;
//! - `flags()` has a closure for each of [`rows::ALL`] that the vendor can express, in that order;
//! - `extras()` has the same flags by other ways: those an application has to take with the vendor's SDK, or those
//!   that were slower than the way chosen in `flags()`.
//!
//! Everything here is a fixture: what cannot be built must end the run, hence `expect` wherever it could fail.

#[cfg(feature = "vendors")]
pub mod eppo;
#[cfg(feature = "vendors")]
pub mod flagsmith;
#[cfg(feature = "vendors")]
pub mod growthbook;
#[cfg(feature = "togglebit")]
pub mod hashes;
#[cfg(feature = "vendors")]
pub mod launchdarkly;
#[cfg(feature = "togglebit")]
pub mod mix;
pub mod rows;
#[cfg(feature = "togglebit")]
pub mod togglebit;
#[cfg(feature = "vendors")]
pub mod unleash;

/// The names of the columns.
pub const TOGGLEBIT: &str = "Togglebit";
pub const VENDORS: [&str; 5] = ["LaunchDarkly", "Unleash", "GrowthBook", "Flagsmith", "Eppo"];

/// Groups that are no rows: other ways, and the parts of a rollout.
pub const EXTRAS: &str = "other ways";
pub const ROLLOUT: &str = "rollout";
/// What is measured of a rollout beside the peers.
pub const ENGINE: &str = "engine";
pub const HASH: &str = "hash";
pub const COMPRESSION: &str = "compression";
/// What is measured of compiling: time, and memory that is still held.
pub const COMPILE: &str = "compile";
pub const MEMORY: &str = "memory";

/// One evaluation of one prepared flag.
pub type Evaluation = Box<dyn Fn() -> bool>;

/// A row of the table and how a vendor computes it.
pub type Row = (&'static str, Evaluation);

/// A vendor: its name, its rows, and its other ways.
pub type Vendor = (&'static str, Vec<Row>, Vec<Row>);

/// Every vendor of this build.
pub fn all() -> Vec<Vendor> {
    ours().into_iter().chain(theirs()).collect()
}

#[cfg(feature = "togglebit")]
fn ours() -> Option<Vendor> {
    Some((TOGGLEBIT, togglebit::flags(), togglebit::extras()))
}

#[cfg(not(feature = "togglebit"))]
fn ours() -> Option<Vendor> {
    None
}

#[cfg(feature = "vendors")]
fn theirs() -> Vec<Vendor> {
    let [a, b, c, d, e] = VENDORS;
    vec![
        (a, launchdarkly::flags(), launchdarkly::extras()),
        (b, unleash::flags(), unleash::extras()),
        (c, growthbook::flags(), growthbook::extras()),
        (d, flagsmith::flags(), flagsmith::extras()),
        (e, eppo::flags(), eppo::extras()),
    ]
}

#[cfg(not(feature = "vendors"))]
fn theirs() -> Vec<Vendor> {
    vec![]
}

/// Everything that is measured per evaluation: group, name, and how. A group holds what is compared with each other.
pub fn measured() -> Vec<(String, Vec<Row>)> {
    let mut groups: Vec<(String, Vec<Row>)> =
        rows::ALL.iter().map(|row| ((*row).to_owned(), vec![])).collect();
    let mut others = Vec::new();
    for (vendor, rows, extras) in all() {
        for (row, evaluate) in rows {
            let group = groups.iter_mut().find(|(name, _)| name == row).expect("one of the rows");
            group.1.push((vendor, evaluate));
        }
        others.push((format!("{EXTRAS}: {vendor}"), extras));
    }
    groups.extend(others);
    #[cfg(feature = "togglebit")]
    groups.extend(togglebit::rollouts().into_iter().map(|(algorithm, evaluate)| {
        let mut parts: Vec<Row> = vec![(ENGINE, evaluate)];
        parts.extend(hashes::alone(algorithm));
        (format!("{ROLLOUT}: {algorithm}"), parts)
    }));
    groups
}
