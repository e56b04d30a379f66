package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.Row;
import io.qscope.store.AuditLogTable;
import io.qscope.store.Storage;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.ThrottleTable;
import io.qscope.store.UnitOfWork;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method promises of its arguments and of its future, found by reflection over the contract's interfaces. */
abstract class ArgumentContract extends ContractGroup {

    ArgumentContract(StorageContract kit) {
        super(kit);
    }

    @ParameterizedTest
    @MethodSource("tableCalls")
    <T extends Row> void aNullArgumentOfATableIsRefusedAtOnce(TableCase<T> table, Method method) {
        nullsAreRefused(table.in(storage()), method, table.fresh().apply(rows()));
    }

    @ParameterizedTest
    @MethodSource("throttleCalls")
    void aNullArgumentOfTheThrottlesIsRefusedAtOnce(Method method) {
        nullsAreRefused(storage().throttles(), method, rows().client());
    }

    @ParameterizedTest
    @MethodSource("storageCalls")
    void aNullArgumentOfTheStorageIsRefusedAtOnce(Method method) {
        nullsAreRefused(storage(), method, rows().client());
    }

    @ParameterizedTest
    @MethodSource("unitCalls")
    void aNullArgumentOfAUnitIsRefusedAtOnce(Method method) {
        nullsAreRefused(storage().unitOfWork(attempt(NOW)), method, rows().client());
    }

    @ParameterizedTest
    @MethodSource("tableCalls")
    <T extends Row> void afterCloseATableIsUnavailable(TableCase<T> table, Method method) {
        T row = table.fresh().apply(rows());
        Storage closed = closed();

        unavailable(table.in(closed), method, row);
    }

    @ParameterizedTest
    @MethodSource("throttleCalls")
    void afterCloseTheThrottlesAreUnavailable(Method method) {
        unavailable(closed().throttles(), method, rows().client());
    }

    @ParameterizedTest
    @MethodSource("storageCalls")
    void afterCloseTheStorageIsUnavailable(Method method) {
        if (method.getReturnType() == CompletableFuture.class) {
            unavailable(closed(), method, rows().client());
        }
    }

    @Test
    void afterCloseAUnitIsUnavailable() {
        Storage closed = closed();

        StorageUnavailableException failure = failure(
                StorageUnavailableException.class,
                ray -> closed.unitOfWork(attempt(NOW)).insert(rows().client()).commit(ray));

        assertThat(failure.outcomeUnknown()).isFalse();
    }

    @Test
    void closingAgainDoesNothing() {
        Storage closed = closed();

        closed.close();
    }

    static Stream<Arguments> tableCalls() {
        return TableCase.all().stream()
                .flatMap(table -> calls(table.contract()).map(method -> Arguments.of(table, method)));
    }

    static Stream<Method> storageCalls() {
        return calls(Storage.class).filter(method -> method.getParameterCount() > 0);
    }

    static Stream<Method> throttleCalls() {
        return calls(ThrottleTable.class);
    }

    static Stream<Method> unitCalls() {
        return calls(UnitOfWork.class);
    }

    /** The interface's methods, without the two that refuse whatever they are given. */
    private static Stream<Method> calls(Class<?> contract) {
        return AnyCall.methodsOf(contract)
                .filter(method -> method.getDeclaringClass() != AuditLogTable.class
                        || !method.isAnnotationPresent(Deprecated.class));
    }

    private void nullsAreRefused(Object target, Method method, Row row) {
        for (int i = 0; i < method.getParameterCount(); i++) {
            Parameter parameter = method.getParameters()[i];
            boolean mayBeNull = parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (!mayBeNull && !parameter.getType().isPrimitive()) {
                @Nullable Object[] arguments = AnyCall.arguments(method, row, rows(), ray());
                arguments[i] = null;
                assertThatThrownBy(() -> AnyCall.invoke(target, method, arguments))
                        .as("%s with null as its argument %d", method.getName(), i)
                        .isInstanceOf(NullPointerException.class);
            }
        }
    }

    private void unavailable(Object target, Method method, Row row) {
        StorageUnavailableException failure = failure(StorageUnavailableException.class, ray -> (CompletableFuture<?>)
                Objects.requireNonNull(AnyCall.invoke(target, method, AnyCall.arguments(method, row, rows(), ray))));
        assertThat(failure.outcomeUnknown()).isFalse();
    }

    private Storage closed() {
        Storage closed = empty();
        closed.close();
        return closed;
    }
}
