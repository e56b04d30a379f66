package io.qscope.tck;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and replaces fields of records by name, so that a test covers fields that nobody has thought of yet. */
final class RecordFields {

    private RecordFields() {}

    /** The fields of a record, in order. */
    static List<RecordComponent> of(Class<?> type) {
        return List.of(type.getRecordComponents());
    }

    static boolean has(Class<?> type, String field) {
        return of(type).stream().anyMatch(component -> component.getName().equals(field));
    }

    static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    static @Nullable Object get(Object row, String field) {
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            if (component.getName().equals(field)) {
                return get(row, component);
            }
        }
        throw new AssertionError(row.getClass() + " has no field " + field);
    }

    static @Nullable Object get(Object row, RecordComponent component) {
        try {
            return component.getAccessor().invoke(row);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot read " + component, e);
        }
    }

    /** A copy with another value in one field. */
    static <T> T with(T row, String field, @Nullable Object value) {
        RecordComponent[] components = row.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = components[i].getName().equals(field) ? value : get(row, components[i]);
        }
        try {
            @SuppressWarnings("unchecked")
            Class<T> type = (Class<T>) row.getClass();
            Constructor<T> canonical = type.getDeclaredConstructor(types);
            return canonical.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(
                    "cannot make a " + row.getClass() + " with another " + field + ": " + Arrays.toString(types), e);
        }
    }
}
