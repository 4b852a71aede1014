/// A hash over every field of every row, so that equal numbers mean equal work (FNV-1a).
#[derive(Debug, Clone, Copy)]
pub struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    /// What it came to.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }

    /// Adds bytes and their number.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    /// Adds an integer.
    pub fn integer(&mut self, integer: i64) {
        self.bytes(&integer.to_le_bytes());
    }

    /// Adds a float.
    pub fn real(&mut self, real: f64) {
        self.bytes(&real.to_le_bytes());
    }

    /// Adds text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Adds what may be missing.
    pub fn optional<T>(&mut self, value: Option<T>, add: impl FnOnce(&mut Self, T)) {
        match value {
            Some(value) => add(self, value),
            None => self.bytes(b"\xff none"),
        }
    }
}
