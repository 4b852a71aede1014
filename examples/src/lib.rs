//! The package of the example programs; see the folder beside this file.
