//! Flags. Who may do what with them is in `access`.

mod change;
mod configure;
mod create;
mod history;
mod read;
mod start;
mod switch;
