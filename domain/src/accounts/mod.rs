//! People: their accounts, and how they prove who they are.

mod commands;
mod views;

pub use commands::{
    ChangeName, ChangePassword, CreateToken, CreateUser, DeleteAccount, MIN_PASSWORD_LENGTH, Password,
    RequestReset, ResetPassword, SignIn, SignUp, VerifyEmail,
};
pub use views::{
    AccountExport, AccountView, Activity, IdentityView, NewToken, Person, SessionView, TokenScope, TokenView,
};
