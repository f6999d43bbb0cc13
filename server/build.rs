//! Takes Swagger UI's files out of its release, which a crate carries: nothing is downloaded.

use std::error::Error;
use std::io::{Cursor, copy};
use std::path::PathBuf;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// What a page needs, and what its licence asks to go with it. The release has the same code in other forms too, which
/// would make the program several megabytes larger.
const FILES: [&str; 4] = ["dist/swagger-ui.css", "dist/swagger-ui-bundle.js", "LICENSE", "NOTICE"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut release = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for place in 0..release.len() {
        let mut file = release.by_index(place)?;
        // Everything lies in a folder that is named after the version.
        let wanted =
            file.name()?.split_once('/').and_then(|(_, path)| FILES.into_iter().find(|file| *file == path));
        if let Some(name) = wanted.and_then(|path| path.rsplit('/').next()) {
            copy(&mut file, &mut std::fs::File::create(folder.join(name))?)?;
        }
    }
    Ok(())
}
