//! The tables of the Chinook sample database, a digital media shop, as they are: made by another program, with its own
//! types and names, and not STRICT.
//!
//! The columns are named in `PascalCase` (`rename_all`), and the declared types are written down, so that
//! [`verify`](orm_core::Engine::verify) wants nothing changed.

use chrono::NaiveDateTime;
use orm_core::{Model, TableDef};

/// All eleven tables.
pub const TABLES: [&TableDef; 11] = [
    Album::TABLE,
    Artist::TABLE,
    Customer::TABLE,
    Employee::TABLE,
    Genre::TABLE,
    Invoice::TABLE,
    InvoiceLine::TABLE,
    MediaType::TABLE,
    Playlist::TABLE,
    PlaylistTrack::TABLE,
    Track::TABLE,
];

/// An album of an artist.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Album", rename_all = "PascalCase", strict = false)]
#[orm(has_many(tracks: Track::ALBUM))]
pub struct Album {
    /// The key.
    #[orm(primary_key, auto)]
    pub album_id: i64,
    /// Title.
    #[orm(type = "NVARCHAR(160)")]
    pub title: String,
    /// Artist id.
    #[orm(references = Artist)]
    pub artist_id: i64,
}

/// Who made an album.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Artist", rename_all = "PascalCase", strict = false)]
#[orm(has_many(albums: Album::ARTIST))]
pub struct Artist {
    /// The key.
    #[orm(primary_key, auto)]
    pub artist_id: i64,
    /// Name.
    #[orm(type = "NVARCHAR(120)")]
    pub name: Option<String>,
}

/// Somebody who buys.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Customer", rename_all = "PascalCase", strict = false)]
#[orm(has_many(invoices: Invoice::CUSTOMER))]
pub struct Customer {
    /// The key.
    #[orm(primary_key, auto)]
    pub customer_id: i64,
    /// First name.
    #[orm(type = "NVARCHAR(40)")]
    pub first_name: String,
    /// Last name.
    #[orm(type = "NVARCHAR(20)")]
    pub last_name: String,
    /// Company.
    #[orm(type = "NVARCHAR(80)")]
    pub company: Option<String>,
    /// Address.
    #[orm(type = "NVARCHAR(70)")]
    pub address: Option<String>,
    /// City.
    #[orm(type = "NVARCHAR(40)")]
    pub city: Option<String>,
    /// State.
    #[orm(type = "NVARCHAR(40)")]
    pub state: Option<String>,
    /// Country.
    #[orm(type = "NVARCHAR(40)")]
    pub country: Option<String>,
    /// Postal code.
    #[orm(type = "NVARCHAR(10)")]
    pub postal_code: Option<String>,
    /// Phone.
    #[orm(type = "NVARCHAR(24)")]
    pub phone: Option<String>,
    /// Fax.
    #[orm(type = "NVARCHAR(24)")]
    pub fax: Option<String>,
    /// Email.
    #[orm(type = "NVARCHAR(60)")]
    pub email: String,
    /// Support rep id.
    #[orm(references = Employee)]
    pub support_rep_id: Option<i64>,
}

/// Somebody who works in the shop, under another employee.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Employee", rename_all = "PascalCase", strict = false)]
#[orm(has_many(customers: Customer::SUPPORT_REP, reports: Employee::MANAGER))]
pub struct Employee {
    /// The key.
    #[orm(primary_key, auto)]
    pub employee_id: i64,
    /// Last name.
    #[orm(type = "NVARCHAR(20)")]
    pub last_name: String,
    /// First name.
    #[orm(type = "NVARCHAR(20)")]
    pub first_name: String,
    /// Title.
    #[orm(type = "NVARCHAR(30)")]
    pub title: Option<String>,
    /// Reports to.
    #[orm(references = Employee, as = "manager")]
    pub reports_to: Option<i64>,
    /// Birth date.
    #[orm(type = "DATETIME")]
    pub birth_date: Option<NaiveDateTime>,
    /// Hire date.
    #[orm(type = "DATETIME")]
    pub hire_date: Option<NaiveDateTime>,
    /// Address.
    #[orm(type = "NVARCHAR(70)")]
    pub address: Option<String>,
    /// City.
    #[orm(type = "NVARCHAR(40)")]
    pub city: Option<String>,
    /// State.
    #[orm(type = "NVARCHAR(40)")]
    pub state: Option<String>,
    /// Country.
    #[orm(type = "NVARCHAR(40)")]
    pub country: Option<String>,
    /// Postal code.
    #[orm(type = "NVARCHAR(10)")]
    pub postal_code: Option<String>,
    /// Phone.
    #[orm(type = "NVARCHAR(24)")]
    pub phone: Option<String>,
    /// Fax.
    #[orm(type = "NVARCHAR(24)")]
    pub fax: Option<String>,
    /// Email.
    #[orm(type = "NVARCHAR(60)")]
    pub email: Option<String>,
}

/// A kind of music.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Genre", rename_all = "PascalCase", strict = false)]
#[orm(has_many(tracks: Track::GENRE))]
pub struct Genre {
    /// The key.
    #[orm(primary_key, auto)]
    pub genre_id: i64,
    /// Name.
    #[orm(type = "NVARCHAR(120)")]
    pub name: Option<String>,
}

/// What a customer bought at once.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Invoice", rename_all = "PascalCase", strict = false)]
#[orm(has_many(lines: InvoiceLine::INVOICE))]
pub struct Invoice {
    /// The key.
    #[orm(primary_key, auto)]
    pub invoice_id: i64,
    /// Customer id.
    #[orm(references = Customer)]
    pub customer_id: i64,
    /// Invoice date.
    #[orm(type = "DATETIME")]
    pub invoice_date: NaiveDateTime,
    /// Billing address.
    #[orm(type = "NVARCHAR(70)")]
    pub billing_address: Option<String>,
    /// Billing city.
    #[orm(type = "NVARCHAR(40)")]
    pub billing_city: Option<String>,
    /// Billing state.
    #[orm(type = "NVARCHAR(40)")]
    pub billing_state: Option<String>,
    /// Billing country.
    #[orm(type = "NVARCHAR(40)")]
    pub billing_country: Option<String>,
    /// Billing postal code.
    #[orm(type = "NVARCHAR(10)")]
    pub billing_postal_code: Option<String>,
    /// Total.
    #[orm(type = "NUMERIC(10,2)")]
    pub total: f64,
}

/// One track on an invoice.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "InvoiceLine", rename_all = "PascalCase", strict = false)]
pub struct InvoiceLine {
    /// The key.
    #[orm(primary_key, auto)]
    pub invoice_line_id: i64,
    /// Invoice id.
    #[orm(references = Invoice)]
    pub invoice_id: i64,
    /// Track id.
    #[orm(references = Track)]
    pub track_id: i64,
    /// Unit price.
    #[orm(type = "NUMERIC(10,2)")]
    pub unit_price: f64,
    /// Quantity.
    pub quantity: i64,
}

/// A file format.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "MediaType", rename_all = "PascalCase", strict = false)]
pub struct MediaType {
    /// The key.
    #[orm(primary_key, auto)]
    pub media_type_id: i64,
    /// Name.
    #[orm(type = "NVARCHAR(120)")]
    pub name: Option<String>,
}

/// A list of tracks.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Playlist", rename_all = "PascalCase", strict = false)]
#[orm(many_to_many(tracks: Track through PlaylistTrack::PLAYLIST, PlaylistTrack::TRACK))]
pub struct Playlist {
    /// The key.
    #[orm(primary_key, auto)]
    pub playlist_id: i64,
    /// Name.
    #[orm(type = "NVARCHAR(120)")]
    pub name: Option<String>,
}

/// A track on a playlist.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "PlaylistTrack", rename_all = "PascalCase", strict = false, primary_key(playlist_id, track_id))]
pub struct PlaylistTrack {
    /// Playlist id.
    #[orm(references = Playlist)]
    pub playlist_id: i64,
    /// Track id.
    #[orm(references = Track)]
    pub track_id: i64,
}

/// A piece of music.
#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "Track", rename_all = "PascalCase", strict = false)]
#[orm(has_many(invoice_lines: InvoiceLine::TRACK), many_to_many(playlists: Playlist through PlaylistTrack::TRACK, PlaylistTrack::PLAYLIST))]
pub struct Track {
    /// The key.
    #[orm(primary_key, auto)]
    pub track_id: i64,
    /// Name.
    #[orm(type = "NVARCHAR(200)")]
    pub name: String,
    /// Album id.
    #[orm(references = Album)]
    pub album_id: Option<i64>,
    /// Media type id.
    #[orm(references = MediaType)]
    pub media_type_id: i64,
    /// Genre id.
    #[orm(references = Genre)]
    pub genre_id: Option<i64>,
    /// Composer.
    #[orm(type = "NVARCHAR(220)")]
    pub composer: Option<String>,
    /// Milliseconds.
    pub milliseconds: i64,
    /// Bytes.
    pub bytes: Option<i64>,
    /// Unit price.
    #[orm(type = "NUMERIC(10,2)")]
    pub unit_price: f64,
}
