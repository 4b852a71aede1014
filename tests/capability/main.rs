//! What the library can do, one folder or file for each capability.

mod engine;
mod house;
