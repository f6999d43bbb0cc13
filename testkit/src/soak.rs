//! How long a test goes on.

/// What a test takes in everyday runs, or in `make soak`.
pub fn soak<T>(everyday: T, soak: T) -> T {
    if std::env::var_os("TOGGLEBIT_SOAK").is_some() { soak } else { everyday }
}
