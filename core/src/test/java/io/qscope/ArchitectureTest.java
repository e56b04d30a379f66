package io.qscope;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.BaseTable;
import io.qscope.store.ThrottleTable;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The arrows of the architecture, and the names. */
class ArchitectureTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.qscope");

    @Test
    void modelKnowsTheJdkAndItsIdLibraryOnly() {
        classes()
                .that()
                .resideInAPackage("io.qscope.model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.qscope.model",
                        "java..",
                        "org.jspecify.annotations",
                        "com.github.f4b6a3.uuid..",
                        "io.soabase.recordbuilder..")
                .check(CORE);
    }

    @Test
    void contractKnowsTheModelAndKeysOnly() {
        classes()
                .that()
                .resideInAPackage("io.qscope.store")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.qscope.store", "io.qscope.model", "io.qscope.key", "java..", "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void keysKnowTheModelOnly() {
        classes()
                .that()
                .resideInAPackage("io.qscope.key")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.qscope.key", "io.qscope.model", "java..", "javax.crypto..", "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void resultsKnowTheContractOnly() {
        classes()
                .that()
                .resideInAPackage("io.qscope.result")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.qscope.result", "io.qscope.store", "io.qscope.model", "java..", "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void whatEnginesShareKnowsNoEngine() {
        classes()
                .that()
                .resideInAPackage("io.qscope.engine")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.qscope.engine", "io.qscope.store", "io.qscope.model", "java..", "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void nothingKnowsTheMemoryEngine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.qscope.memory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.qscope.memory")
                .check(CORE);
    }

    @Test
    void contractIsInterfacesAndValues() {
        DescribedPredicate<JavaClass> interfaceOrValue = DescribedPredicate.describe(
                "an interface, a record, an enum, an exception or a final class",
                each -> each.isInterface()
                        || each.isRecord()
                        || each.isEnum()
                        || each.isAssignableTo(Exception.class)
                        || each.getModifiers().contains(JavaModifier.FINAL));
        classes()
                .that()
                .resideInAPackage("io.qscope.store")
                .should(ArchCondition.from(interfaceOrValue))
                .check(CORE);
    }

    @Test
    void namesAreTheFields() {
        noClasses()
                .should()
                .haveNameMatching(".*\\.[^.]*(Impl|Util|Utils|Manager|Helper|Common)[^.]*")
                .check(CORE);
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..impl..", "..common..", "..manager..")
                .check(CORE);
    }

    @Test
    void everyTableMethodTakesARayLastAndReturnsAFuture() {
        ArchRule rule = methods()
                .that()
                .areDeclaredInClassesThat(JavaClass.Predicates.assignableTo(BaseTable.class)
                        .or(JavaClass.Predicates.equivalentTo(ThrottleTable.class)))
                .and()
                .areDeclaredInClassesThat()
                .areInterfaces()
                .and()
                .areNotStatic()
                .should(new ArchCondition<>("take a ray id last and return a future") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        List<JavaClass> parameters = method.getRawParameterTypes();
                        boolean holds = !parameters.isEmpty()
                                && parameters.get(parameters.size() - 1).isEquivalentTo(RayId.class)
                                && method.getRawReturnType().isEquivalentTo(CompletableFuture.class);
                        events.add(new SimpleConditionEvent(method, holds, method.getFullName()));
                    }
                });
        rule.check(CORE);
    }

    @Test
    void digestsAreComparedInConstantTime() {
        classes()
                .that()
                .areAssignableTo(TokenDigest.class)
                .should()
                .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                .check(CORE);
        noClasses()
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .check(CORE);
    }

    @Test
    void nobodyReadsAClock() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(CORE);
    }

    @Test
    void nothingCompletesOnTheCommonPool() {
        noClasses()
                .should()
                .callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
                .orShould()
                .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
                .check(CORE);
    }

    @Test
    void nothingPrints() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CORE);
    }
}
