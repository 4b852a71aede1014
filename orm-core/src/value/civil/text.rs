use super::super::ValueRef;
use super::{Date, DateTime, NANOSECONDS, Time};
use crate::error::ConversionError;

const DATE: &str = "a date as `YYYY-MM-DD`";
const TIME: &str = "a time as `HH:MM:SS.ffffff`";
const DATE_TIME: &str = "a date and time in UTC as `YYYY-MM-DD HH:MM:SS.ffffff`";

impl Date {
    /// `YYYY-MM-DD`.
    pub(in crate::value) fn text(self) -> String {
        let mut text = String::with_capacity(10);
        self.push_to(&mut text);
        text
    }

    fn push_to(self, text: &mut String) {
        push_two_digits(text, u32::from(self.year) / 100);
        push_two_digits(text, u32::from(self.year) % 100);
        text.push('-');
        push_two_digits(text, self.month.into());
        text.push('-');
        push_two_digits(text, self.day.into());
    }

    pub(in crate::value) fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        let ValueRef::Text(text) = value else { return Err(value.instead_of(DATE)) };
        Self::parse(text.as_bytes()).unwrap_or_else(|| Err(other_form(DATE)))
    }

    /// `None` where the form is another, an error where the date does not exist.
    fn parse(text: &[u8]) -> Option<Result<Self, ConversionError>> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
        let year = number(&[y1, y2, y3, y4])?.cast_signed();
        Some(Self::new(year, number(&[m1, m2])?, number(&[d1, d2])?))
    }
}

impl Time {
    /// `HH:MM:SS.ffffff`: what is below a microsecond is cut off, which is towards the past.
    pub(in crate::value) fn text(self) -> String {
        let mut text = String::with_capacity(15);
        self.push_to(&mut text);
        text
    }

    fn push_to(self, text: &mut String) {
        push_two_digits(text, self.hour.into());
        text.push(':');
        push_two_digits(text, self.minute.into());
        text.push(':');
        push_two_digits(text, self.second.into());
        text.push('.');
        let microsecond = self.nanosecond / 1000;
        push_two_digits(text, microsecond / 10_000);
        push_two_digits(text, microsecond / 100 % 100);
        push_two_digits(text, microsecond % 100);
    }

    pub(in crate::value) fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        let ValueRef::Text(text) = value else { return Err(value.instead_of(TIME)) };
        Self::parse(text.as_bytes()).unwrap_or_else(|| Err(other_form(TIME)))
    }

    /// `None` where the form is another, an error where the time does not exist.
    fn parse(text: &[u8]) -> Option<Result<Self, ConversionError>> {
        let &[h1, h2, b':', m1, m2, b':', s1, s2, ref fraction @ ..] = text else { return None };
        let nanosecond = match fraction {
            [] => 0,
            [b'.', digits @ ..] => nanoseconds(digits)?,
            _ => return None,
        };
        Some(Self::new(number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?, nanosecond))
    }
}

impl DateTime {
    /// `YYYY-MM-DD HH:MM:SS.ffffff`.
    pub(in crate::value) fn text(self) -> String {
        let mut text = String::with_capacity(26);
        self.date.push_to(&mut text);
        text.push(' ');
        self.time.push_to(&mut text);
        text
    }

    pub(in crate::value) fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        let ValueRef::Text(text) = value else { return Err(value.instead_of(DATE_TIME)) };
        Self::parse(text.as_bytes()).unwrap_or_else(|| Err(other_form(DATE_TIME)))
    }

    /// Also takes what other tools write: `T` between date and time, `Z` at the end, 0 to 9 digits of a second.
    fn parse(text: &[u8]) -> Option<Result<Self, ConversionError>> {
        let (date, rest) = text.split_at_checked(10)?;
        let [b' ' | b'T', time @ ..] = rest else { return None };
        let time = Time::parse(time.strip_suffix(b"Z").unwrap_or(time))?;
        let date = Date::parse(date)?;
        Some(date.and_then(|date| Ok(Self { date, time: time? })))
    }
}

#[cold]
fn other_form(expected: &'static str) -> ConversionError {
    ConversionError::new(expected, "text of another form")
}

#[inline]
fn push_two_digits(text: &mut String, number: u32) {
    for digit in [number / 10 % 10, number % 10] {
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Some(number * 10 + u32::from(digit - b'0')),
        _ => None,
    })
}

/// The digits after the point of a second, 1 to 9 of them.
fn nanoseconds(digits: &[u8]) -> Option<u32> {
    let mut unit = NANOSECONDS;
    for _ in digits {
        unit /= 10;
    }
    match digits.len() {
        1..=9 => Some(number(digits)? * unit),
        _ => None,
    }
}
