//! How high things are: lines at round numbers.

/// How many lines there are above the lowest one at most.
const LINES: u64 = 4;

/// What is how high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    step: u64,
    lines: u64,
}

impl Scale {
    /// A scale on which a number has room: its lines are at multiples of 1, 2 or 5 with zeros.
    pub(super) fn of(most: u64) -> Self {
        let mut unit = 1_u64;
        let step = loop {
            let fits = |times: u64| unit.saturating_mul(times).saturating_mul(LINES) >= most;
            match [1, 2, 5].into_iter().find(|times| fits(*times)) {
                Some(times) => break unit.saturating_mul(times),
                None => unit = unit.saturating_mul(10),
            }
        };
        Self { step, lines: most.div_ceil(step).max(1) }
    }

    /// Where there are lines, the lowest first.
    pub(super) fn ticks(self) -> impl Iterator<Item = u64> {
        (0..=self.lines).map(move |line| self.step.saturating_mul(line))
    }

    /// How high a number is where the highest line is at `height`.
    pub(super) fn height(self, number: u64, height: f64) -> f64 {
        let top = self.step.saturating_mul(self.lines).max(1);
        number as f64 / top as f64 * height
    }
}

/// A round number with few digits, such as 1.5k.
pub(super) fn compact(number: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")];
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| number >= *unit) else {
        return number.to_string();
    };
    match (number / unit, number % unit / (unit / 10)) {
        (whole, 0) => format!("{whole}{name}"),
        (whole, tenth) => format!("{whole}.{tenth}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_at_round_numbers() {
        for (most, ticks) in [
            (0, vec![0, 1]),
            (1, vec![0, 1]),
            (4, vec![0, 1, 2, 3, 4]),
            (5, vec![0, 2, 4, 6]),
            (17, vec![0, 5, 10, 15, 20]),
            (21, vec![0, 10, 20, 30]),
            (1200, vec![0, 500, 1000, 1500]),
        ] {
            assert_eq!(Scale::of(most).ticks().collect::<Vec<_>>(), ticks, "{most}");
        }
        assert!(Scale::of(u64::MAX).ticks().count() > 1);
    }

    #[test]
    fn the_highest_line_is_at_the_top() {
        let scale = Scale::of(17);
        assert_eq!(
            (scale.height(0, 100.0), scale.height(5, 100.0), scale.height(20, 100.0)),
            (0.0, 25.0, 100.0)
        );
    }

    #[test]
    fn round_numbers_have_few_digits() {
        for (number, text) in
            [(0, "0"), (500, "500"), (1000, "1k"), (1500, "1.5k"), (20_000, "20k"), (2_500_000, "2.5M")]
        {
            assert_eq!(compact(number), text);
        }
    }
}
