//! From what was counted to what is drawn.

use std::collections::BTreeMap;

use domain::Millis;
use domain::place::PlaceView;
use domain::usage::{MonthOfUsage, Step, UsageBy, UsageOf, UsagePoint, UsageSeries};

use super::shares;
use crate::ui::chart::{COLORS, ChartPoint, ChartSeries, REST, environment_color};
use crate::ui::time::{date, exact};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How many months a year has, which is how many are drawn.
const MONTHS: usize = 12;

const NAMES: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The points and layers of hours or days; points at which there was nothing are there too.
pub(crate) fn of_series(found: &UsageSeries, place: &PlaceView) -> (Vec<ChartPoint>, Vec<ChartSeries>) {
    let length = if found.step == Step::Hour { HOUR_MS } else { DAY_MS };
    let last = found.step.start(found.to.plus(-1));
    let starts: Vec<Millis> = std::iter::successors(Some(found.from), |at| Some(at.plus(length)))
        .take_while(|at| *at <= last)
        // More are never asked for.
        .take(1000)
        .collect();
    let points = starts.iter().map(|at| point(*at, found.step)).collect();
    let totals = values(&found.points, &starts);
    let mut rest = totals;
    let mut layers = Vec::new();
    for (series, usual) in found.series.iter().zip(COLORS) {
        let UsageOf { name, count: _, points } = series;
        let values = values(points, &starts);
        for (left, value) in rest.iter_mut().zip(&values) {
            *left = left.saturating_sub(*value);
        }
        let (name, color) = called(found.by, name.as_deref(), usual, place);
        layers.push(ChartSeries { name, color, values });
    }
    if found.more > 0 && rest.iter().any(|left| *left > 0) {
        let name = format!("{} more", found.more);
        layers.push(ChartSeries { name, color: REST, values: rest });
    }
    (points, layers)
}

/// The points and layers of the last year.
pub(super) fn of_months(months: &[MonthOfUsage], now: Millis) -> (Vec<ChartPoint>, Vec<ChartSeries>) {
    let starts = year(now);
    let known: BTreeMap<Millis, &MonthOfUsage> = months.iter().map(|month| (month.from, month)).collect();
    let layer = |name: &str, color, count: fn(&MonthOfUsage) -> i64| {
        let values = starts.iter().map(|start| known.get(start).map_or(0, |month| positive(count(month))));
        ChartSeries { name: name.to_owned(), color, values: values.collect() }
    };
    let layers = vec![
        layer("Answered by Togglebit", "fill-accent", |month| month.served),
        layer("Reported by SDKs", "fill-teal", |month| month.reported),
    ];
    (starts.iter().map(|at| point(*at, Step::Month)).collect(), layers)
}

/// How many evaluations the last year had.
pub(super) fn sum_of_months(months: &[MonthOfUsage], now: Millis) -> u64 {
    let starts = year(now);
    let counted = months.iter().filter(|month| starts.contains(&month.from));
    counted.fold(0, |sum: u64, month| sum.saturating_add(positive(month.count)))
}

/// When the months of the last year begin, the earliest first.
fn year(now: Millis) -> Vec<Millis> {
    let mut starts: Vec<Millis> =
        std::iter::successors(Some(now.month()), |month| Some(month.plus(-1).month())).take(MONTHS).collect();
    starts.reverse();
    starts
}

/// What a point is called.
fn point(at: Millis, step: Step) -> ChartPoint {
    let date = date(at);
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let number = month.parse::<usize>().unwrap_or_default();
    let month = NAMES.get(number.saturating_sub(1)).copied().unwrap_or_default();
    match step {
        Step::Hour => {
            let hour = at.0.rem_euclid(DAY_MS) / HOUR_MS;
            ChartPoint { short: format!("{hour:02}:00"), full: exact(at) }
        }
        Step::Day => ChartPoint { short: format!("{day} {month}"), full: date.clone() },
        Step::Month => ChartPoint { short: month.to_owned(), full: format!("{month} {year}") },
    }
}

fn values(points: &[UsagePoint], starts: &[Millis]) -> Vec<u64> {
    let known: BTreeMap<Millis, i64> = points.iter().map(|point| (point.at, point.count)).collect();
    starts.iter().map(|at| positive(known.get(at).copied().unwrap_or_default())).collect()
}

/// A count as what it is: no less than nothing.
pub(crate) fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// What a layer is called, and its colour: environments have their own.
fn called(
    by: Option<UsageBy>,
    name: Option<&str>,
    usual: &'static str,
    place: &PlaceView,
) -> (String, &'static str) {
    match (by, name) {
        (Some(UsageBy::Environment), Some(name)) => {
            let key = name.split_once('/').map_or(name, |(_, key)| key);
            let mut known = place.environments.iter().map(|place| &place.environment);
            let color = known.find(|environment| environment.key.as_str() == key);
            (key.to_owned(), color.map_or(usual, |environment| environment_color(environment.color)))
        }
        (Some(UsageBy::Reason), name) => (shares::reason(name), usual),
        (Some(UsageBy::Flag), None) => ("Keys that are no flag".to_owned(), usual),
        (_, None) => ("Nothing was served".to_owned(), usual),
        (_, Some(name)) => (name.to_owned(), usual),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_called_by_their_time() {
        let at = Millis(1_767_225_600_000 + 5 * HOUR_MS);
        for (step, short, full) in [
            (Step::Hour, "05:00", "2026-01-01 05:00 UTC"),
            (Step::Day, "01 Jan", "2026-01-01"),
            (Step::Month, "Jan", "Jan 2026"),
        ] {
            assert_eq!(point(at, step), ChartPoint { short: short.to_owned(), full: full.to_owned() });
        }
    }

    #[test]
    fn a_year_has_its_empty_months() {
        let now = Millis(1_767_225_600_000 + DAY_MS);
        let month = |from: Millis, served, reported| MonthOfUsage {
            month: from.year_and_month(),
            from,
            count: served + reported,
            served,
            reported,
        };
        let months = [month(now.month(), 5, 2), month(Millis(0), 9, 9)];
        assert_eq!(sum_of_months(&months, now), 7);
        let (points, layers) = of_months(&months, now);
        assert_eq!(points.len(), 12);
        assert_eq!((points[0].full.as_str(), points[11].full.as_str()), ("Feb 2025", "Jan 2026"));
        assert_eq!((layers[0].values[11], layers[1].values[11], layers[0].values[0]), (5, 2, 0));
    }
}
