//! The C API by hand: statements kept in fields, no mutexes, columns by position without a look at their types, text
//! without a UTF-8 check, bound without a copy. Fast rather than sound: what the others are compared with.

use std::ffi::CString;
use std::os::raw::c_int;
use std::ptr;
use std::slice;

use harness::{Place, Subject, Tree};
use rusqlite::ffi;

use crate::plain::{Comment, Post, User, Wide};

pub struct Raw {
    db: *mut ffi::sqlite3,
    users: Statement,
    users_in_order: Statement,
    user: Statement,
    insert: Statement,
    update: Statement,
    delete: Statement,
    range: Statement,
    joined: Statement,
    wide: Statement,
    posts: Statement,
    comments: Statement,
    begin: Statement,
    commit: Statement,
}

/// A statement that is prepared at its first use.
struct Statement {
    sql: String,
    statement: *mut ffi::sqlite3_stmt,
}

impl Statement {
    fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), statement: ptr::null_mut() }
    }

    #[inline]
    fn get(&mut self, db: *mut ffi::sqlite3) -> *mut ffi::sqlite3_stmt {
        if self.statement.is_null() {
            self.prepare(db);
        }
        self.statement
    }

    #[cold]
    fn prepare(&mut self, db: *mut ffi::sqlite3) {
        let code = unsafe {
            ffi::sqlite3_prepare_v3(
                db,
                self.sql.as_ptr().cast(),
                self.sql.len() as c_int,
                ffi::SQLITE_PREPARE_PERSISTENT,
                &mut self.statement,
                ptr::null_mut(),
            )
        };
        assert_eq!(code, ffi::SQLITE_OK, "{}", self.sql);
    }
}

/// Users with their posts.
pub const JOINED: &str = "
    SELECT users.id, name, email, posts.id, user_id, title FROM users LEFT JOIN posts ON users.id = user_id
    WHERE users.id > ?1 ORDER BY users.id, posts.id LIMIT ?2";

/// A list of so many parameters.
pub fn in_list(count: usize) -> String {
    let list: Vec<String> = (1..=count).map(|at| format!("?{at}")).collect();
    format!("({})", list.join(", "))
}

/// Puts posts into users and comments into posts; each list is in the order of its parents' keys.
pub fn nest<U, P, C>(
    users: Vec<U>,
    posts: Vec<P>,
    comments: Vec<C>,
    user_key: impl Fn(&U) -> i64,
    post_keys: impl Fn(&P) -> (i64, i64),
    comment_key: impl Fn(&C) -> i64,
) -> Tree<U, P, C> {
    // comments are in the order of post keys, posts in the order of users: found by key, as any caller would
    let mut of_post: std::collections::HashMap<i64, Vec<C>> = std::collections::HashMap::new();
    for comment in comments {
        of_post.entry(comment_key(&comment)).or_default().push(comment);
    }
    let mut posts = posts.into_iter().peekable();
    users
        .into_iter()
        .map(|user| {
            let key = user_key(&user);
            let mut own = Vec::new();
            while let Some(post) = posts.next_if(|post| post_keys(post).0 == key) {
                let comments = of_post.remove(&post_keys(&post).1).unwrap_or_default();
                own.push((post, comments));
            }
            (user, own)
        })
        .collect()
}

unsafe fn text(statement: *mut ffi::sqlite3_stmt, column: c_int) -> String {
    unsafe {
        let start = ffi::sqlite3_column_text(statement, column);
        let length = ffi::sqlite3_column_bytes(statement, column) as usize;
        String::from_utf8_unchecked(slice::from_raw_parts(start, length).to_vec())
    }
}

unsafe fn optional_text(statement: *mut ffi::sqlite3_stmt, column: c_int) -> Option<String> {
    unsafe {
        let start = ffi::sqlite3_column_text(statement, column);
        if start.is_null() {
            return None;
        }
        let length = ffi::sqlite3_column_bytes(statement, column) as usize;
        Some(String::from_utf8_unchecked(slice::from_raw_parts(start, length).to_vec()))
    }
}

unsafe fn blob(statement: *mut ffi::sqlite3_stmt, column: c_int) -> Vec<u8> {
    unsafe { optional_blob(statement, column).unwrap_or_default() }
}

unsafe fn optional_blob(statement: *mut ffi::sqlite3_stmt, column: c_int) -> Option<Vec<u8>> {
    unsafe {
        let start: *const u8 = ffi::sqlite3_column_blob(statement, column).cast();
        if start.is_null() {
            return None;
        }
        let length = ffi::sqlite3_column_bytes(statement, column) as usize;
        Some(slice::from_raw_parts(start, length).to_vec())
    }
}

unsafe fn user(statement: *mut ffi::sqlite3_stmt) -> User {
    unsafe {
        User {
            id: ffi::sqlite3_column_int64(statement, 0),
            name: text(statement, 1),
            email: optional_text(statement, 2),
        }
    }
}

unsafe fn bind_text(statement: *mut ffi::sqlite3_stmt, index: c_int, text: &str) {
    unsafe {
        ffi::sqlite3_bind_text64(
            statement,
            index,
            text.as_ptr().cast(),
            text.len() as u64,
            ffi::SQLITE_STATIC(),
            ffi::SQLITE_UTF8 as u8,
        );
    }
}

unsafe fn bind_user(statement: *mut ffi::sqlite3_stmt, user: &User) {
    unsafe {
        bind_text(statement, 1, &user.name);
        match &user.email {
            Some(email) => bind_text(statement, 2, email),
            None => {
                ffi::sqlite3_bind_null(statement, 2);
            }
        }
    }
}

unsafe fn run(statement: *mut ffi::sqlite3_stmt) {
    unsafe {
        assert_eq!(ffi::sqlite3_step(statement), ffi::SQLITE_DONE);
        ffi::sqlite3_reset(statement);
    }
}

unsafe fn all<T>(statement: *mut ffi::sqlite3_stmt, read: unsafe fn(*mut ffi::sqlite3_stmt) -> T) -> Vec<T> {
    let mut rows = Vec::new();
    unsafe {
        loop {
            match ffi::sqlite3_step(statement) {
                ffi::SQLITE_ROW => rows.push(read(statement)),
                code => {
                    assert_eq!(code, ffi::SQLITE_DONE);
                    break;
                }
            }
        }
        ffi::sqlite3_reset(statement);
    }
    rows
}

impl Raw {
    fn insert_one(&mut self, user: &mut User) {
        unsafe {
            let insert = self.insert.get(self.db);
            bind_user(insert, user);
            run(insert);
            user.id = ffi::sqlite3_last_insert_rowid(self.db);
        }
    }

    fn begin(&mut self) {
        unsafe { run(self.begin.get(self.db)) }
    }

    fn commit(&mut self) {
        unsafe { run(self.commit.get(self.db)) }
    }
}

impl Subject for Raw {
    type User = User;
    type Post = Post;
    type Comment = Comment;
    type Wide = Wide;

    fn open(place: &Place) -> Self {
        let name = CString::new(place.name()).unwrap();
        let mut db = ptr::null_mut();
        let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE | ffi::SQLITE_OPEN_NOMUTEX;
        let code = unsafe { ffi::sqlite3_open_v2(name.as_ptr(), &mut db, flags, ptr::null()) };
        assert_eq!(code, ffi::SQLITE_OK);
        Self {
            db,
            users: Statement::new("SELECT id, name, email FROM users"),
            users_in_order: Statement::new("SELECT id, name, email FROM users ORDER BY id"),
            user: Statement::new("SELECT id, name, email FROM users WHERE id = ?1"),
            insert: Statement::new("INSERT INTO users (name, email) VALUES (?1, ?2)"),
            update: Statement::new("UPDATE users SET name = ?1, email = ?2 WHERE id = ?3"),
            delete: Statement::new("DELETE FROM users WHERE id = ?1"),
            range: Statement::new("SELECT id, name, email FROM users WHERE id >= ?1 AND id < ?2 ORDER BY id"),
            joined: Statement::new(JOINED),
            wide: Statement::new(
                "SELECT id, i1, i2, i3, i4, f1, f2, f3, t1, t2, t3, t4, b1, b2, b3, b4 FROM wide",
            ),
            posts: Statement::new(format!(
                "SELECT id, user_id, title FROM posts WHERE user_id IN {} ORDER BY user_id, id",
                in_list(100)
            )),
            comments: Statement::new(format!(
                "SELECT id, post_id, text FROM comments WHERE post_id IN {} ORDER BY post_id, id",
                in_list(1000)
            )),
            begin: Statement::new("BEGIN IMMEDIATE"),
            commit: Statement::new("COMMIT"),
        }
    }

    fn execute(&mut self, sql: &str) {
        let sql = CString::new(sql).unwrap();
        let code =
            unsafe { ffi::sqlite3_exec(self.db, sql.as_ptr(), None, ptr::null_mut(), ptr::null_mut()) };
        assert_eq!(code, ffi::SQLITE_OK);
    }

    fn version(&mut self) -> String {
        rusqlite::version().to_owned()
    }

    fn users(&mut self) -> Vec<User> {
        unsafe { all(self.users.get(self.db), user) }
    }

    fn user(&mut self, id: i64) -> Option<User> {
        unsafe {
            let statement = self.user.get(self.db);
            ffi::sqlite3_bind_int64(statement, 1, id);
            let found = (ffi::sqlite3_step(statement) == ffi::SQLITE_ROW).then(|| user(statement));
            ffi::sqlite3_reset(statement);
            found
        }
    }

    fn insert_users(&mut self, users: &mut [User]) {
        self.begin();
        for user in users {
            self.insert_one(user);
        }
        self.commit();
    }

    fn insert_user(&mut self, user: &mut User) {
        self.insert_one(user);
    }

    fn update_user(&mut self, user: &mut User) {
        unsafe {
            let statement = self.update.get(self.db);
            bind_user(statement, user);
            ffi::sqlite3_bind_int64(statement, 3, user.id);
            run(statement);
            assert_eq!(ffi::sqlite3_changes64(self.db), 1);
        }
    }

    fn delete_user(&mut self, user: &User) {
        unsafe {
            let statement = self.delete.get(self.db);
            ffi::sqlite3_bind_int64(statement, 1, user.id);
            run(statement);
            assert_eq!(ffi::sqlite3_changes64(self.db), 1);
        }
    }

    fn users_with_posts(&mut self, above: i64, rows: usize) -> Vec<(User, Option<Post>)> {
        unsafe {
            let statement = self.joined.get(self.db);
            ffi::sqlite3_bind_int64(statement, 1, above);
            ffi::sqlite3_bind_int64(statement, 2, rows as i64);
            all(statement, |row| {
                let post = (ffi::sqlite3_column_type(row, 3) != ffi::SQLITE_NULL).then(|| Post {
                    id: ffi::sqlite3_column_int64(row, 3),
                    user_id: ffi::sqlite3_column_int64(row, 4),
                    title: text(row, 5),
                });
                (user(row), post)
            })
        }
    }

    fn tree(&mut self) -> Tree<User, Post, Comment> {
        unsafe {
            let users = all(self.users_in_order.get(self.db), user);
            let statement = self.posts.get(self.db);
            for (at, user) in users.iter().enumerate() {
                ffi::sqlite3_bind_int64(statement, at as c_int + 1, user.id);
            }
            let posts = all(statement, |row| Post {
                id: ffi::sqlite3_column_int64(row, 0),
                user_id: ffi::sqlite3_column_int64(row, 1),
                title: text(row, 2),
            });
            let statement = self.comments.get(self.db);
            for (at, post) in posts.iter().enumerate() {
                ffi::sqlite3_bind_int64(statement, at as c_int + 1, post.id);
            }
            let comments = all(statement, |row| Comment {
                id: ffi::sqlite3_column_int64(row, 0),
                post_id: ffi::sqlite3_column_int64(row, 1),
                text: text(row, 2),
            });
            nest(users, posts, comments, |it| it.id, |it| (it.user_id, it.id), |it| it.post_id)
        }
    }

    fn wide(&mut self) -> Vec<Wide> {
        unsafe {
            all(self.wide.get(self.db), |row| {
                let integer = |column| ffi::sqlite3_column_int64(row, column);
                let real = |column| ffi::sqlite3_column_double(row, column);
                let is_null = |column| ffi::sqlite3_column_type(row, column) == ffi::SQLITE_NULL;
                Wide {
                    id: integer(0),
                    i1: integer(1),
                    i2: integer(2),
                    i3: if is_null(3) { None } else { Some(integer(3)) },
                    i4: integer(4),
                    f1: real(5),
                    f2: real(6),
                    f3: if is_null(7) { None } else { Some(real(7)) },
                    t1: text(row, 8),
                    t2: text(row, 9),
                    t3: optional_text(row, 10),
                    t4: text(row, 11),
                    b1: blob(row, 12),
                    b2: blob(row, 13),
                    b3: optional_blob(row, 14),
                    b4: blob(row, 15),
                }
            })
        }
    }

    fn oltp(&mut self, id: i64, name: String, new: &mut User) -> Vec<User> {
        self.begin();
        let mut found = self.user(id).unwrap();
        found.name = name;
        self.update_user(&mut found);
        self.insert_one(new);
        let read = unsafe {
            let statement = self.range.get(self.db);
            ffi::sqlite3_bind_int64(statement, 1, id);
            ffi::sqlite3_bind_int64(statement, 2, id + 10);
            all(statement, user)
        };
        self.commit();
        read
    }
}
