package io.qscope.result;

import io.qscope.model.RayId;
import org.jspecify.annotations.Nullable;

/**
 * It worked.
 *
 * @param value what was asked for; null where nothing was ({@link java.lang.Void})
 * @param status the HTTP status that says the same, 200 to 299
 * @param rayId the request that this answers
 */
public record SuccessResult<T>(@Nullable T value, int status, RayId rayId) implements Result<T> {}
