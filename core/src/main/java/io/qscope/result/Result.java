package io.qscope.result;

import io.qscope.model.RayId;

/**
 * An answer: {@link SuccessResult} with a value, or {@link FailedResult} with an error code and a message for the client.
 *
 * @param <T> the value's type
 */
public sealed interface Result<T> permits SuccessResult, FailedResult {

    /** The HTTP status that says the same. */
    int status();

    /** The request that this answers. */
    RayId rayId();
}
