//! Flags. Who may do what with them is in `access`.

mod configure;
mod create;
mod read;
mod switch;
