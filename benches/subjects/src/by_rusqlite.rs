//! rusqlite by hand: `prepare_cached`, columns by position, `transaction()`.

use harness::{Place, Subject, Tree};
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::plain::{Comment, Post, User, Wide};
use crate::raw::{JOINED, in_list, nest};

pub struct Rusqlite {
    connection: Connection,
}

const USERS: &str = "SELECT id, name, email FROM users";
const USER: &str = "SELECT id, name, email FROM users WHERE id = ?1";
const INSERT: &str = "INSERT INTO users (name, email) VALUES (?1, ?2)";
const UPDATE: &str = "UPDATE users SET name = ?1, email = ?2 WHERE id = ?3";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User { id: row.get(0)?, name: row.get(1)?, email: row.get(2)? })
}

impl Subject for Rusqlite {
    type User = User;
    type Post = Post;
    type Comment = Comment;
    type Wide = Wide;

    fn open(place: &Place) -> Self {
        Self { connection: Connection::open(place.name()).unwrap() }
    }

    fn execute(&mut self, sql: &str) {
        self.connection.execute_batch(sql).unwrap();
    }

    fn version(&mut self) -> String {
        rusqlite::version().to_owned()
    }

    fn users(&mut self) -> Vec<User> {
        let mut statement = self.connection.prepare_cached(USERS).unwrap();
        statement.query_map((), user).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn user(&mut self, id: i64) -> Option<User> {
        let mut statement = self.connection.prepare_cached(USER).unwrap();
        statement.query_row((id,), user).ok()
    }

    fn insert_users(&mut self, users: &mut [User]) {
        let transaction = self.connection.transaction().unwrap();
        {
            let mut statement = transaction.prepare_cached(INSERT).unwrap();
            for user in users {
                statement.execute(params![user.name, user.email]).unwrap();
                user.id = transaction.last_insert_rowid();
            }
        }
        transaction.commit().unwrap();
    }

    fn insert_user(&mut self, user: &mut User) {
        let mut statement = self.connection.prepare_cached(INSERT).unwrap();
        statement.execute(params![user.name, user.email]).unwrap();
        user.id = self.connection.last_insert_rowid();
    }

    fn update_user(&mut self, user: &mut User) {
        let mut statement = self.connection.prepare_cached(UPDATE).unwrap();
        assert_eq!(statement.execute(params![user.name, user.email, user.id]).unwrap(), 1);
    }

    fn delete_user(&mut self, user: &User) {
        let mut statement = self.connection.prepare_cached("DELETE FROM users WHERE id = ?1").unwrap();
        assert_eq!(statement.execute((user.id,)).unwrap(), 1);
    }

    fn users_with_posts(&mut self, above: i64, rows: usize) -> Vec<(User, Option<Post>)> {
        let mut statement = self.connection.prepare_cached(JOINED).unwrap();
        let rows = statement.query_map((above, rows as i64), |row| {
            let post = match row.get(3)? {
                Some(id) => Some(Post { id, user_id: row.get(4)?, title: row.get(5)? }),
                None => None,
            };
            Ok((user(row)?, post))
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn tree(&mut self) -> Tree<User, Post, Comment> {
        let mut statement =
            self.connection.prepare_cached("SELECT id, name, email FROM users ORDER BY id").unwrap();
        let users: Vec<User> = statement.query_map((), user).unwrap().collect::<Result<_, _>>().unwrap();

        let sql = format!(
            "SELECT id, user_id, title FROM posts WHERE user_id IN {} ORDER BY user_id, id",
            in_list(users.len())
        );
        let mut statement = self.connection.prepare_cached(&sql).unwrap();
        let posts: Vec<Post> = statement
            .query_map(params_from_iter(users.iter().map(|user| user.id)), |row| {
                Ok(Post { id: row.get(0)?, user_id: row.get(1)?, title: row.get(2)? })
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();

        let sql = format!(
            "SELECT id, post_id, text FROM comments WHERE post_id IN {} ORDER BY post_id, id",
            in_list(posts.len())
        );
        let mut statement = self.connection.prepare_cached(&sql).unwrap();
        let comments: Vec<Comment> = statement
            .query_map(params_from_iter(posts.iter().map(|post| post.id)), |row| {
                Ok(Comment { id: row.get(0)?, post_id: row.get(1)?, text: row.get(2)? })
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        nest(users, posts, comments, |it| it.id, |it| (it.user_id, it.id), |it| it.post_id)
    }

    fn wide(&mut self) -> Vec<Wide> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, i1, i2, i3, i4, f1, f2, f3, t1, t2, t3, t4, b1, b2, b3, b4 FROM wide")
            .unwrap();
        let rows = statement.query_map((), |row| {
            Ok(Wide {
                id: row.get(0)?,
                i1: row.get(1)?,
                i2: row.get(2)?,
                i3: row.get(3)?,
                i4: row.get(4)?,
                f1: row.get(5)?,
                f2: row.get(6)?,
                f3: row.get(7)?,
                t1: row.get(8)?,
                t2: row.get(9)?,
                t3: row.get(10)?,
                t4: row.get(11)?,
                b1: row.get(12)?,
                b2: row.get(13)?,
                b3: row.get(14)?,
                b4: row.get(15)?,
            })
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn oltp(&mut self, id: i64, name: String, new: &mut User) -> Vec<User> {
        let transaction = self.connection.transaction().unwrap();
        let read = {
            let mut found: User = transaction.prepare_cached(USER).unwrap().query_row((id,), user).unwrap();
            found.name = name;
            let mut update = transaction.prepare_cached(UPDATE).unwrap();
            assert_eq!(update.execute(params![found.name, found.email, found.id]).unwrap(), 1);
            let mut insert = transaction.prepare_cached(INSERT).unwrap();
            insert.execute(params![new.name, new.email]).unwrap();
            new.id = transaction.last_insert_rowid();
            let mut range = transaction
                .prepare_cached("SELECT id, name, email FROM users WHERE id >= ?1 AND id < ?2 ORDER BY id")
                .unwrap();
            range.query_map((id, id + 10), user).unwrap().collect::<Result<_, _>>().unwrap()
        };
        transaction.commit().unwrap();
        read
    }
}
