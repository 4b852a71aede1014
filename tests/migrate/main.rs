//! Migrations: cases as data, and what they must never do.

mod case;
mod cases;
mod definition;
mod inspect;
