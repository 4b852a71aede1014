//! Structs for the subjects that map rows by hand.

use harness::Checksum;

pub struct User {
    pub id: i64,
    pub name: String,
    pub email: Option<String>,
}

impl harness::User for User {
    fn new(id: i64, name: String, email: Option<String>) -> Self {
        Self { id, name, email }
    }

    fn add_to(&self, sum: &mut Checksum) {
        sum.integer(self.id);
        sum.text(&self.name);
        sum.optional(self.email.as_deref(), Checksum::text);
    }
}

pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
}

impl harness::Post for Post {
    fn add_to(&self, sum: &mut Checksum) {
        sum.integer(self.id);
        sum.integer(self.user_id);
        sum.text(&self.title);
    }
}

pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub text: String,
}

impl harness::Comment for Comment {
    fn add_to(&self, sum: &mut Checksum) {
        sum.integer(self.id);
        sum.integer(self.post_id);
        sum.text(&self.text);
    }
}

pub struct Wide {
    pub id: i64,
    pub i1: i64,
    pub i2: i64,
    pub i3: Option<i64>,
    pub i4: i64,
    pub f1: f64,
    pub f2: f64,
    pub f3: Option<f64>,
    pub t1: String,
    pub t2: String,
    pub t3: Option<String>,
    pub t4: String,
    pub b1: Vec<u8>,
    pub b2: Vec<u8>,
    pub b3: Option<Vec<u8>>,
    pub b4: Vec<u8>,
}

impl harness::Wide for Wide {
    fn add_to(&self, sum: &mut Checksum) {
        for integer in [self.id, self.i1, self.i2, self.i4] {
            sum.integer(integer);
        }
        sum.optional(self.i3, Checksum::integer);
        sum.real(self.f1);
        sum.real(self.f2);
        sum.optional(self.f3, Checksum::real);
        for text in [&self.t1, &self.t2, &self.t4] {
            sum.text(text);
        }
        sum.optional(self.t3.as_deref(), Checksum::text);
        for blob in [&self.b1, &self.b2, &self.b4] {
            sum.bytes(blob);
        }
        sum.optional(self.b3.as_deref(), Checksum::bytes);
    }
}
