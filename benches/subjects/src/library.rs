//! This library, as its README shows it.

use std::hint::black_box;

use harness::{Checksum, Place, Subject, Tree};
use orm_core::{Engine, Model, Session};

#[derive(Debug, Model)]
#[orm(table = "users", borrowed, has_many(posts: Post::USER))]
pub struct User {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    email: Option<String>,
}

#[derive(Debug, Model)]
#[orm(table = "posts")]
pub struct Post {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = User, index)]
    user_id: i64,
    title: String,
}

#[derive(Debug, Model)]
#[orm(table = "comments")]
pub struct Comment {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(index)]
    post_id: i64,
    text: String,
}

#[derive(Debug, Model)]
#[orm(table = "wide", borrowed)]
pub struct Wide {
    #[orm(primary_key, auto)]
    id: i64,
    i1: i64,
    i2: i64,
    i3: Option<i64>,
    i4: i64,
    f1: f64,
    f2: f64,
    f3: Option<f64>,
    t1: String,
    t2: String,
    t3: Option<String>,
    t4: String,
    b1: Vec<u8>,
    b2: Vec<u8>,
    b3: Option<Vec<u8>>,
    b4: Vec<u8>,
}

/// `BORROWED`: whole tables are read by `for_each`, whose rows borrow from SQLite.
pub struct Library<const BORROWED: bool> {
    session: Session,
}

impl<const BORROWED: bool> Subject for Library<BORROWED> {
    type User = User;
    type Post = Post;
    type Comment = Comment;
    type Wide = Wide;

    fn open(place: &Place) -> Self {
        let builder = Engine::builder().max_connections(1);
        let engine = match place {
            Place::Memory => builder.open_in_memory(),
            Place::File(path) => builder.open(path),
        }
        .unwrap();
        Self { session: engine.session().unwrap() }
    }

    fn execute(&mut self, sql: &str) {
        self.session.execute_batch(sql).unwrap();
    }

    fn version(&mut self) -> String {
        self.session.raw("SELECT sqlite_version()", ()).one().unwrap()
    }

    fn users(&mut self) -> Vec<User> {
        if !BORROWED {
            return self.session.find::<User>().all().unwrap();
        }
        let mut users = Vec::new();
        let read = self.session.find::<User>().for_each(|user| {
            users.push(user.to_owned());
            Ok(())
        });
        read.unwrap();
        users
    }

    fn read_users(&mut self) {
        if BORROWED {
            self.session
                .find::<User>()
                .for_each(|user| {
                    black_box(user);
                    Ok(())
                })
                .unwrap();
        } else {
            drop(black_box(self.users()));
        }
    }

    fn user(&mut self, id: i64) -> Option<User> {
        self.session.get(id).unwrap()
    }

    fn insert_users(&mut self, users: &mut [User]) {
        self.session.insert_all(users).unwrap();
    }

    fn insert_user(&mut self, user: &mut User) {
        self.session.insert(user).unwrap();
    }

    fn update_user(&mut self, user: &mut User) {
        self.session.update(user).unwrap();
    }

    fn delete_user(&mut self, user: &User) {
        self.session.delete(user).unwrap();
    }

    fn users_with_posts(&mut self, above: i64, rows: usize) -> Vec<(User, Option<Post>)> {
        let users = self.session.find::<User>().filter(User::ID.gt(above)).order_by(User::ID.asc());
        users.left_join(User::POSTS.order_by(Post::ID.asc())).limit(rows as u64).all().unwrap()
    }

    fn tree(&mut self) -> Tree<User, Post, Comment> {
        let users = self.session.find::<User>().order_by(User::ID.asc()).all().unwrap();
        let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = self.session.find::<Post>().filter(Post::USER_ID.is_in(keys));
        let posts = posts.order_by((Post::USER_ID.asc(), Post::ID.asc())).all().unwrap();
        let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let comments = self.session.find::<Comment>().filter(Comment::POST_ID.is_in(keys));
        let comments = comments.order_by((Comment::POST_ID.asc(), Comment::ID.asc())).all().unwrap();
        crate::raw::nest(
            users,
            posts,
            comments,
            |user| user.id,
            |post| (post.user_id, post.id),
            |comment| comment.post_id,
        )
    }

    fn wide(&mut self) -> Vec<Wide> {
        if !BORROWED {
            return self.session.find::<Wide>().all().unwrap();
        }
        let mut rows = Vec::new();
        let read = self.session.find::<Wide>().for_each(|row| {
            rows.push(row.to_owned());
            Ok(())
        });
        read.unwrap();
        rows
    }

    fn read_wide(&mut self) {
        if BORROWED {
            self.session
                .find::<Wide>()
                .for_each(|row| {
                    black_box(row);
                    Ok(())
                })
                .unwrap();
        } else {
            drop(black_box(self.wide()));
        }
    }

    fn oltp(&mut self, id: i64, name: String, new: &mut User) -> Vec<User> {
        self.session
            .transaction(|tx| {
                let mut user = tx.get::<User>(id)?.unwrap();
                user.name = name;
                tx.update(&mut user)?;
                tx.insert(new)?;
                let range = tx.find::<User>().filter(User::ID.ge(id).and(User::ID.lt(id + 10)));
                range.order_by(User::ID.asc()).all()
            })
            .unwrap()
    }
}

/// For the checksum: what was borrowed is what was there.
impl UserRef<'_> {
    fn to_owned(&self) -> User {
        User { id: self.id, name: self.name.to_owned(), email: self.email.map(str::to_owned) }
    }
}

impl WideRef<'_> {
    fn to_owned(&self) -> Wide {
        let &Self { id, i1, i2, i3, i4, f1, f2, f3, .. } = self;
        Wide {
            id,
            i1,
            i2,
            i3,
            i4,
            f1,
            f2,
            f3,
            t1: self.t1.to_owned(),
            t2: self.t2.to_owned(),
            t3: self.t3.map(str::to_owned),
            t4: self.t4.to_owned(),
            b1: self.b1.to_owned(),
            b2: self.b2.to_owned(),
            b3: self.b3.map(<[u8]>::to_owned),
            b4: self.b4.to_owned(),
        }
    }
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

impl harness::Post for Post {
    fn add_to(&self, sum: &mut Checksum) {
        sum.integer(self.id);
        sum.integer(self.user_id);
        sum.text(&self.title);
    }
}

impl harness::Comment for Comment {
    fn add_to(&self, sum: &mut Checksum) {
        sum.integer(self.id);
        sum.integer(self.post_id);
        sum.text(&self.text);
    }
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
