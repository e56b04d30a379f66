package io.qscope.result;

import io.qscope.model.RayId;

/**
 * It did not work, and nothing was changed.
 *
 * @param status the HTTP status that says the same, 400 to 599
 * @param errorCode for programs: a name in capitals, or an OAuth error code (RFC 6749 §5.2)
 * @param clientMessage for people: what happened and what to do; never a secret, never an internal detail
 * @param rayId the request that this answers
 */
public record FailedResult<T>(int status, String errorCode, String clientMessage, RayId rayId) implements Result<T> {}
