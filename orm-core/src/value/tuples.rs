/// Calls a macro for tuples of one to twelve: with a name and a position for each part, and their count.
macro_rules! for_each_tuple {
    ($with:ident) => {
        $with!(A 0; 1);
        $with!(A 0 B 1; 2);
        $with!(A 0 B 1 C 2; 3);
        $with!(A 0 B 1 C 2 D 3; 4);
        $with!(A 0 B 1 C 2 D 3 E 4; 5);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5; 6);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5 G 6; 7);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7; 8);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8; 9);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9; 10);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10; 11);
        $with!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11; 12);
    };
}
pub(crate) use for_each_tuple;
