#pragma once

#include <QtTest>
#include <string_view>

namespace signet::test {

/// A class of tests among those of one program. A program a class would be linked for longer than it runs.
struct TestClass {
    std::string_view
        sourceFile;     ///< tests/core/test_roc.cpp is run by: core_tests test_roc [Qt Test's arguments]
    void (*prepare)();  ///< the class's initMain(), before there is an application
    int (*run)(int argc, char** argv);
};

/// Always true.
bool addTestClass(const TestClass& test);

}  // namespace signet::test

/// Instead of QTEST_MAIN, at the end of the class's source.
#define SIGNET_TEST(Class)                                                                    \
    static const bool is##Class##Known =                                                      \
        signet::test::addTestClass({__FILE__, [] { QTest::Internal::callInitMain<Class>(); }, \
                                    [](int argc, char** argv) {                               \
                                        Class test;                                           \
                                        return QTest::qExec(&test, argc, argv);               \
                                    }});

/// The same for a function that runs several classes: int run(int argc, char** argv).
#define SIGNET_TESTS(run) \
    static const bool is##run##Known = signet::test::addTestClass({__FILE__, [] {}, run});
