//! Segments: commands, views, and the rules that what they contain must follow.

mod audience;
mod commands;
mod table;
mod views;

pub use audience::{Audience, KEY_BYTES, LIST_BYTES, LIST_KEYS, named_segments, names_segment};
pub(crate) use commands::check_key;
pub use commands::{
    ChangeAudience, CreateSegment, DeleteSegment, KeyList, ListSegments, ReplaceAudience, SegmentPlace,
    UpdateSegment, UploadKeys, UploadMode,
};
pub use table::SegmentTable;
pub use views::{
    AudienceCounts, AudienceView, SHOWN_KEYS, SegmentUses, SegmentView, SegmentsPage, Uploaded,
    UsedInEnvironment, UsingFlag, UsingSegment,
};
