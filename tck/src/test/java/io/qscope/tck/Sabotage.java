package io.qscope.tck;

import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.store.BaseTable;
import io.qscope.store.Storage;
import io.qscope.store.StorageListener;
import io.qscope.store.TableName;
import io.qscope.store.ThrottleTable;
import io.qscope.store.UnitOfWork;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Somebody between an honest storage and its callers, who may answer any call in its stead.
 * A listener is told what the callers are answered, so that it hears of every call whoever answered it.
 */
interface Sabotage {

    /** Answers a call: with {@link Call#future}, or otherwise. */
    CompletableFuture<?> answer(Call call);

    /** Told before a storage is closed. */
    default void closing(Storage storage) {}

    /**
     * The storage, sabotaged.
     *
     * @param honest a storage that nobody listens to
     * @param listener who is told of what the callers are answered
     */
    static Storage of(Storage honest, Sabotage sabotage, @Nullable StorageListener listener) {
        Listening listening = Listening.to(listener);
        return proxy(Storage.class, (proxy, method, arguments) -> {
            Call call = new Call(honest, "storage", honest, method, list(arguments), List.of());
            Class<?> type = method.getReturnType();
            if (type == CompletableFuture.class) {
                return answer(call, null, sabotage, listening);
            }
            if (method.getName().equals("close")) {
                sabotage.closing(honest);
            }
            Object answer = call.honestly();
            if (answer instanceof UnitOfWork unit) {
                return unit(honest, unit, sabotage, listening);
            }
            return answer instanceof BaseTable<?> || answer instanceof ThrottleTable
                    ? table(honest, type, answer, method.getName(), sabotage, listening)
                    : answer;
        });
    }

    private static Object table(
            Storage honest, Class<?> type, Object table, String name, Sabotage sabotage, Listening listening) {
        TableName told = nameOf(type);
        return proxy(type, (proxy, method, arguments) -> {
            Call call = new Call(honest, name, table, method, list(arguments), List.of());
            return method.getReturnType() == CompletableFuture.class
                    ? answer(call, told, sabotage, listening)
                    : call.honestly();
        });
    }

    private static TableName nameOf(Class<?> contract) {
        return TableCase.all().stream()
                .filter(table -> table.contract() == contract)
                .map(TableCase::name)
                .findFirst()
                .orElse(TableName.THROTTLES);
    }

    private static CompletableFuture<?> answer(
            Call call, @Nullable TableName table, Sabotage sabotage, Listening listening) {
        if (!call.isComplete()) {
            // Refused before it is a call.
            return call.future();
        }
        CompletableFuture<Object> answer = listening.future(call.method().getName(), table, call.rayId());
        Listening.takenUp(answer, 1);
        CompletableFuture<?> unused = sabotage.answer(call).whenComplete((value, failure) -> {
            if (failure == null) {
                Listening.complete(answer, value);
            } else {
                Listening.fail(answer, cause(failure));
            }
        });
        return answer;
    }

    /** What a future failed with that depends on others. */
    static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }

    private static Object unit(Storage honest, Object unit, Sabotage sabotage, Listening listening) {
        List<Call> parts = new ArrayList<>();
        return proxy(UnitOfWork.class, (proxy, method, arguments) -> {
            Call call = new Call(honest, "unit", unit, method, list(arguments), List.copyOf(parts));
            if (method.getName().equals("commit")) {
                return answer(call, null, sabotage, listening);
            }
            call.honestly();
            parts.add(call);
            return proxy;
        });
    }

    private static List<@Nullable Object> list(Object @Nullable [] arguments) {
        return arguments == null ? List.of() : Arrays.asList(arguments);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Sabotage.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /**
     * What somebody was asked to do.
     *
     * @param table the table's name, {@code unit} or {@code storage}
     * @param parts when it is the commit of a unit of work: what was added to it before
     */
    record Call(
            Storage honest,
            String table,
            Object target,
            Method method,
            List<@Nullable Object> arguments,
            List<Call> parts) {

        /** Whether this is a call of one of these methods, as in {@code accessTokens.insert}. */
        boolean is(String... names) {
            return Arrays.asList(names).contains(table + "." + method.getName());
        }

        /** The argument of that type; a call has only one of each in what is sabotaged here. */
        <T> T argument(Class<T> type) {
            return arguments.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .findFirst()
                    .orElseThrow();
        }

        /** The call's own ray id, which comes last. */
        RayId rayId() {
            return (RayId) Objects.requireNonNull(arguments.get(arguments.size() - 1));
        }

        /** Whether nothing is missing: what is null where it may not be is refused before anybody looks at it. */
        boolean isComplete() {
            AnnotatedType[] types = method.getAnnotatedParameterTypes();
            return IntStream.range(0, types.length)
                    .allMatch(i -> arguments.get(i) != null || types[i].isAnnotationPresent(Nullable.class));
        }

        /** What the honest storage answers. */
        @Nullable
        Object honestly() {
            try {
                return method.invoke(target, arguments.toArray());
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException refused) {
                    throw refused;
                }
                throw new AssertionError(e);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        /** Pretends to have done it; in time and place as an honest call. */
        CompletableFuture<Void> pretended() {
            return honest.health(argument(RayId.class)).thenApply(alive -> null);
        }

        /** As {@link #honestly()}, of a call that returns a future. */
        @SuppressWarnings("unchecked") // The caller knows which method this is.
        <T> CompletableFuture<T> future() {
            return (CompletableFuture<T>) Objects.requireNonNull(honestly());
        }

        /** The same call on another target. */
        Call on(Object other) {
            return new Call(honest, table, other, method, arguments, parts);
        }

        /** The same call with one argument in the place of another. */
        Call with(Object old, Object replacement) {
            List<@Nullable Object> changed = new ArrayList<>(arguments);
            changed.set(changed.indexOf(old), replacement);
            return new Call(honest, table, target, method, changed, parts);
        }
    }
}
