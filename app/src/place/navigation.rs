//! The pages of a project, as the sidebar, the palette and the keyboard know them.

use icondata_core::Icon as Drawing;

/// A page of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The last part of its address.
    pub(crate) path: &'static str,
    /// What is pressed after `g` to get there.
    pub(crate) key: &'static str,
    pub(crate) icon: Drawing,
    /// Whether a line sets it apart from the one before.
    pub(crate) begins_group: bool,
}

impl Section {
    /// All of them, in their order.
    pub(crate) fn all() -> [Self; 10] {
        let section = |name, path, key, icon, begins_group| Self { name, path, key, icon, begins_group };
        [
            section("Flags", "flags", "f", icondata_lu::LuFlag, false),
            section("Segments", "segments", "s", icondata_lu::LuGroup, false),
            section("Playground", "playground", "p", icondata_lu::LuFlaskConical, true),
            section("Usage", "usage", "u", icondata_lu::LuChartColumn, false),
            section("Audit log", "audit", "a", icondata_lu::LuScrollText, false),
            section("Environments", "environments", "e", icondata_lu::LuLayers, true),
            section("API keys", "keys", "k", icondata_lu::LuKeyRound, false),
            section("Members", "members", "m", icondata_lu::LuUsers, false),
            section("Settings", "settings", "t", icondata_lu::LuSettings, false),
            section("Quickstart", "quickstart", "q", icondata_lu::LuRocket, true),
        ]
    }
}
