//! The package of the tests; see the folders beside this file.
