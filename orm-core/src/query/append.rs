use super::Shape;
use crate::model::Model;
use crate::sql::{Further, Join, Order};

/// What relations are loaded beside: a model, or a tuple that begins with one.
#[diagnostic::on_unimplemented(
    message = "nothing can be loaded beside `{Self}`",
    label = "relations are loaded beside whole models",
    note = "leave `select` out; a row has at most twelve parts"
)]
pub trait Append: Shape {
    /// With one more part.
    type With<P: Shape>: Shape;

    /// What both load.
    #[doc(hidden)]
    fn append<P: Shape>(loads: Self::Loads, more: P::Loads) -> <Self::With<P> as Shape>::Loads;
}

#[diagnostic::do_not_recommend]
impl<M: Model> Append for M {
    type With<P: Shape> = (M, P);

    fn append<P: Shape>((): (), more: P::Loads) -> ((), P::Loads) {
        ((), more)
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<M: Model, $($name: Shape),*> Append for (M, $($name,)*) {
            type With<P: Shape> = (M, $($name,)* P);

            fn append<P: Shape>(loads: Self::Loads, more: P::Loads) -> <Self::With<P> as Shape>::Loads {
                #[allow(non_snake_case, reason = "one name for the type and its value")]
                let (model, $($name,)*) = loads;
                (model, $($name,)* more)
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);

/// What a statement reads beside its own table.
#[doc(hidden)]
#[derive(Debug, Clone, Default)]
pub struct Attached {
    /// Behind the model's own columns, in the order of the parts.
    pub(crate) columns: Vec<Further>,
    pub(crate) joins: Vec<Join>,
    /// Behind the order of the query.
    pub(crate) order_by: Vec<Order>,
    /// What cannot be done, and is reported when the statement is written.
    pub(crate) problem: Option<&'static str>,
}

impl Attached {
    /// Whether nothing was attached.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { columns, joins, order_by, problem } = self;
        columns.is_empty() && joins.is_empty() && order_by.is_empty() && problem.is_none()
    }
}
