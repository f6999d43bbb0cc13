use serde::{Deserialize, Serialize};

/// In which order flags or segments are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sort {
    /// By key.
    #[default]
    #[serde(rename = "key")]
    Key,
    /// By key, from the end.
    #[serde(rename = "-key")]
    KeyDescending,
    /// By name, in whatever case.
    #[serde(rename = "name")]
    Name,
    /// By name, from the end.
    #[serde(rename = "-name")]
    NameDescending,
    /// The oldest first.
    #[serde(rename = "created")]
    Created,
    /// The newest first.
    #[serde(rename = "-created")]
    CreatedDescending,
    /// What changed longest ago first.
    #[serde(rename = "updated")]
    Updated,
    /// What changed last first.
    #[serde(rename = "-updated")]
    UpdatedDescending,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 8] = [
        Self::Key,
        Self::KeyDescending,
        Self::Name,
        Self::NameDescending,
        Self::Created,
        Self::CreatedDescending,
        Self::Updated,
        Self::UpdatedDescending,
    ];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::KeyDescending => "-key",
            Self::Name => "name",
            Self::NameDescending => "-name",
            Self::Created => "created",
            Self::CreatedDescending => "-created",
            Self::Updated => "updated",
            Self::UpdatedDescending => "-updated",
        }
    }

    /// Whether it is by a time, and not by a text.
    pub const fn is_by_time(self) -> bool {
        matches!(self, Self::Created | Self::CreatedDescending | Self::Updated | Self::UpdatedDescending)
    }

    /// Whether it begins at the end.
    pub const fn is_descending(self) -> bool {
        matches!(
            self,
            Self::KeyDescending | Self::NameDescending | Self::CreatedDescending | Self::UpdatedDescending
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_on_the_wire() {
        for sort in Sort::ALL {
            assert_eq!(serde_json::to_value(sort).unwrap(), sort.as_str());
            assert_eq!(sort.is_descending(), sort.as_str().starts_with('-'));
        }
    }
}
