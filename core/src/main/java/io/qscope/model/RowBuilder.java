package io.qscope.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Has the compiler generate the record's builder: sixteen setters a row are nobody's work to write or to read. */
@RecordBuilder.Template(
        options =
                @RecordBuilder.Options(
                        enableWither = false,
                        enableGetters = false,
                        addClassRetainedGenerated = true,
                        buildMethodName = "build"))
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
@interface RowBuilder {}
