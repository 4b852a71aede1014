use std::path::PathBuf;
use std::{env, fs, io, process};

/// A folder for databases, gone with the value.
pub struct Place {
    folder: PathBuf,
}

impl Place {
    pub fn new() -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("orm-core-scale-{}", process::id()));
        fs::create_dir(&folder)?;
        Ok(Self { folder })
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("scale: `{}` is left behind: {error}", self.folder.display());
        }
    }
}
