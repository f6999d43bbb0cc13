//! What a document may ask for, so that every evaluation ends soon and within the stack. Beyond a limit the part that
//! crosses it is out of service, with a warning.

/// How deep conditions nest at most, the outermost and the innermost included. A group takes two levels of JSON, and
/// readers end at 128.
pub const CONDITION_DEPTH: usize = 56;

/// The parts of an attribute's path, separated by dots, at most.
pub const PATH_PARTS: usize = 16;

/// How many evaluations one flag may need at most, its own and those of its prerequisites with theirs, each counted as
/// often as it is asked for.
pub const PREREQUISITE_EVALUATIONS: u32 = 256;

/// How many segments one segment may need at most, itself and those that it uses with theirs, each counted as often as
/// it is asked for.
pub const SEGMENT_EVALUATIONS: u32 = 256;

/// How many segments the rules of one flag may need at most, counted in the same way.
pub const RULE_SEGMENT_EVALUATIONS: u32 = 4_096;

/// How deep segments use segments at most.
pub const SEGMENT_DEPTH: u32 = 16;

/// The characters of a regular expression at most.
pub const PATTERN_LENGTH: usize = 1_000;

/// The bytes that one compiled regular expression may take at most.
pub const PATTERN_SIZE: usize = 256 * 1024;

/// Refuses a path with too many parts.
pub(crate) fn check_path(path: &str) -> Result<(), String> {
    match path.split('.').count() > PATH_PARTS {
        true => Err(format!("a path has more than {PATH_PARTS} parts")),
        false => Ok(()),
    }
}
