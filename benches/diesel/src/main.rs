//! The workloads by diesel, with its own DSL and derives.

use std::process::ExitCode;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use harness::{Checksum, Place, Request, Subject, Tree, answer};

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        user_id -> BigInt,
        title -> Text,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        post_id -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    wide (id) {
        id -> BigInt,
        i1 -> BigInt,
        i2 -> BigInt,
        i3 -> Nullable<BigInt>,
        i4 -> BigInt,
        f1 -> Double,
        f2 -> Double,
        f3 -> Nullable<Double>,
        t1 -> Text,
        t2 -> Text,
        t3 -> Nullable<Text>,
        t4 -> Text,
        b1 -> Binary,
        b2 -> Binary,
        b3 -> Nullable<Binary>,
        b4 -> Binary,
    }
}

diesel::joinable!(posts -> users (user_id));
diesel::joinable!(comments -> posts (post_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts, comments);

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true, treat_none_as_default_value = false)]
struct User {
    #[diesel(skip_insertion)]
    id: i64,
    name: String,
    email: Option<String>,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
struct Post {
    id: i64,
    user_id: i64,
    title: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post))]
struct Comment {
    id: i64,
    post_id: i64,
    text: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = wide)]
struct Wide {
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

struct Diesel {
    connection: SqliteConnection,
}

impl Subject for Diesel {
    type User = User;
    type Post = Post;
    type Comment = Comment;
    type Wide = Wide;

    fn open(place: &Place) -> Self {
        Self { connection: SqliteConnection::establish(place.name()).unwrap() }
    }

    fn execute(&mut self, sql: &str) {
        self.connection.batch_execute(sql).unwrap();
    }

    fn version(&mut self) -> String {
        diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>("sqlite_version()"))
            .get_result(&mut self.connection)
            .unwrap()
    }

    fn users(&mut self) -> Vec<User> {
        users::table.select(User::as_select()).load(&mut self.connection).unwrap()
    }

    fn user(&mut self, id: i64) -> Option<User> {
        users::table.find(id).select(User::as_select()).first(&mut self.connection).optional().unwrap()
    }

    fn insert_users(&mut self, users: &mut [User]) {
        self.connection
            .immediate_transaction(|connection| {
                for user in users {
                    insert(connection, user)?;
                }
                QueryResult::Ok(())
            })
            .unwrap();
    }

    fn insert_user(&mut self, user: &mut User) {
        insert(&mut self.connection, user).unwrap();
    }

    fn update_user(&mut self, user: &mut User) {
        update(&mut self.connection, user).unwrap();
    }

    fn delete_user(&mut self, user: &User) {
        let deleted = diesel::delete(users::table.find(user.id)).execute(&mut self.connection).unwrap();
        assert_eq!(deleted, 1);
    }

    fn users_with_posts(&mut self, above: i64, rows: usize) -> Vec<(User, Option<Post>)> {
        users::table
            .left_join(posts::table)
            .filter(users::id.gt(above))
            .order((users::id, posts::id))
            .limit(rows as i64)
            .select((User::as_select(), Option::<Post>::as_select()))
            .load(&mut self.connection)
            .unwrap()
    }

    fn tree(&mut self) -> Tree<User, Post, Comment> {
        let connection = &mut self.connection;
        let users: Vec<User> =
            users::table.select(User::as_select()).order(users::id).load(connection).unwrap();
        let posts: Vec<Post> = Post::belonging_to(&users)
            .select(Post::as_select())
            .order((posts::user_id, posts::id))
            .load(connection)
            .unwrap();
        let comments: Vec<Comment> = Comment::belonging_to(&posts)
            .select(Comment::as_select())
            .order((comments::post_id, comments::id))
            .load(connection)
            .unwrap();
        let comments = comments.grouped_by(&posts);
        let posts: Vec<(Post, Vec<Comment>)> = posts.into_iter().zip(comments).collect();
        let posts = posts.grouped_by(&users);
        users.into_iter().zip(posts).collect()
    }

    fn wide(&mut self) -> Vec<Wide> {
        wide::table.select(Wide::as_select()).load(&mut self.connection).unwrap()
    }

    fn oltp(&mut self, id: i64, name: String, new: &mut User) -> Vec<User> {
        self.connection
            .immediate_transaction(|connection| {
                let mut found: User = users::table.find(id).select(User::as_select()).first(connection)?;
                found.name = name;
                update(connection, &found)?;
                insert(connection, new)?;
                users::table
                    .filter(users::id.ge(id).and(users::id.lt(id + 10)))
                    .order(users::id)
                    .select(User::as_select())
                    .load(connection)
            })
            .unwrap()
    }
}

/// Without the key that the others write back: RETURNING would cost diesel more.
fn insert(connection: &mut SqliteConnection, user: &User) -> QueryResult<()> {
    assert_eq!(diesel::insert_into(users::table).values(user).execute(connection)?, 1);
    Ok(())
}

fn update(connection: &mut SqliteConnection, user: &User) -> QueryResult<()> {
    let changed = diesel::update(users::table.find(user.id)).set(user).execute(connection)?;
    assert_eq!(changed, 1);
    Ok(())
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

fn main() -> ExitCode {
    let Some(request) = Request::parse(std::env::args().skip(2)) else {
        eprintln!("expected: diesel <workload> <rows> (time <batches>|count)");
        return ExitCode::FAILURE;
    };
    answer::<Diesel>(request);
    ExitCode::SUCCESS
}
