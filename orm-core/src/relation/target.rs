use super::parent::Maybe;
use crate::model::Model;
use crate::query::Shape;
use crate::value::Field;

/// Where a [`BelongsTo`](super::BelongsTo) leads: a model, or an `Option` of one where the foreign key is optional.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a relation leads to",
    label = "expected a model, or an `Option` of one"
)]
pub trait Target: Shape<Output = Self, Loads = ()> + Sized + 'static {
    /// The model.
    type Model: Model;
    /// What a value of the model is from the other side: itself, or an `Option` of it.
    type At<T: Field>;
    /// What stands in a row of a query: the shape, or with an optional key an `Option` of it.
    #[doc(hidden)]
    type Part<S: Shape>: Shape<Loads = S::Loads>;
    /// Whether there may be none.
    #[doc(hidden)]
    const OPTIONAL: bool;

    /// What was found, where that is enough.
    #[doc(hidden)]
    fn of(found: Option<Self::Model>) -> Option<Self>;

    /// The same with what is loaded beside it.
    #[doc(hidden)]
    fn part<S: Shape>(found: Option<S::Output>) -> Option<PartOf<Self, S>>;
}

impl<M: Model> Target for M {
    type Model = M;
    type At<T: Field> = T;
    type Part<S: Shape> = S;
    const OPTIONAL: bool = false;

    fn of(found: Option<M>) -> Option<M> {
        found
    }

    fn part<S: Shape>(found: Option<S::Output>) -> Option<S::Output> {
        found
    }
}

impl<M: Model> Target for Option<M> {
    type Model = M;
    type At<T: Field> = Option<T::Inner>;
    type Part<S: Shape> = Maybe<S>;
    const OPTIONAL: bool = true;

    fn of(found: Option<M>) -> Option<Self> {
        Some(found)
    }

    fn part<S: Shape>(found: Option<S::Output>) -> Option<Option<S::Output>> {
        Some(found)
    }
}

/// What a row holds for a parent and what is loaded beside it.
pub(super) type PartOf<P, S> = <<P as Target>::Part<S> as Shape>::Output;

/// What leads to `M`: `M` itself, or an `Option` of it. A `has_many` names a relation of the child that does.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the relation leads to `{Self}`, not to `{M}`",
    label = "expected a relation that leads to `{M}`"
)]
pub trait LeadsTo<M> {}

impl<M> LeadsTo<M> for M {}

#[diagnostic::do_not_recommend]
impl<M> LeadsTo<M> for Option<M> {}
