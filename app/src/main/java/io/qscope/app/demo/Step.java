package io.qscope.app.demo;

import io.qscope.model.RayId;
import java.util.function.Consumer;

/**
 * One step of the demo.
 *
 * @param rayId follows the step through its calls, its rows and its errors
 * @param story plays it; throws {@link Unexpected} when the storage did not do what its contract says
 */
record Step(String title, RayId rayId, Consumer<StepReport> story) {

    static Step of(String title, Consumer<StepReport> story) {
        return new Step(title, RayId.random(), story);
    }

    /** The storage's answer was not what its contract says. */
    static final class Unexpected extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unexpected(String message) {
            super(message);
        }
    }
}
