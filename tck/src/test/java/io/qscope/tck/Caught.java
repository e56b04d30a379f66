package io.qscope.tck;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which test of the kit catches a sabotaged engine. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Caught {

    /** The test that must fail, as {@code Group.method}. */
    String by();

    /** Tests that need the same promise, and may fail as well: {@code Group.method}, or {@code Group} for all of its tests. */
    String[] with() default {};

    /** Whether it is noticed as well, whatever the seed, by whoever compares random calls with the reference engine. */
    boolean alsoByRandomCalls() default false;
}
