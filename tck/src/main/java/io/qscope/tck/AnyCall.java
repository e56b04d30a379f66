package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;

import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.Page;
import io.qscope.store.TableName;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls of whatever methods the contract's interfaces have, found by reflection. */
final class AnyCall {

    private AnyCall() {}

    /** The methods that an engine implements. */
    static Stream<Method> methodsOf(Class<?> contract) {
        return Arrays.stream(contract.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isBridge());
    }

    /** An argument for each parameter: the row, the ray id where it comes last, and what no row has. */
    static @Nullable Object[] arguments(Method method, Row row, Rows rows, RayId ray) {
        Class<?>[] types = method.getParameterTypes();
        @Nullable Object[] arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = i == types.length - 1 && types[i] == RayId.class ? ray : argument(types[i], row, rows);
        }
        return arguments;
    }

    private static Object argument(Class<?> type, Row row, Rows rows) {
        if (type.isInstance(row)) {
            return row;
        }
        if (type == String.class) {
            return rows.id();
        }
        if (type == TokenDigest.class) {
            return rows.digest();
        }
        if (type == RayId.class) {
            return ContractGroup.ray();
        }
        if (type == Attempt.class) {
            return ContractGroup.attempt(NOW);
        }
        if (type == RefreshToken.class) {
            return rows.refreshToken(rows.authorization(rows.client()));
        }
        if (type == Grace.class) {
            return Grace.NONE;
        }
        if (type == Page.class) {
            return Page.first(1);
        }
        if (type == Duration.class) {
            return Duration.ofMinutes(1);
        }
        if (type == Instant.class) {
            return NOW;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == TableName.class) {
            return TableName.CLIENTS;
        }
        throw new AssertionError("the kit has no argument of " + type + "; teach " + AnyCall.class.getName());
    }

    static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new LinkageError(method + " threw", e);
        } catch (IllegalAccessException e) {
            throw new LinkageError("cannot call " + method, e);
        }
    }
}
