#include "tests/core/second_device.h"

#include <ATen/EmptyTensor.h>
#include <ATen/detail/HPUHooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>
#include <torch/torch.h>

#include <cstdlib>

namespace signet::tests {
namespace {

using torch::Tensor;

// One of the kinds that LibTorch knows but brings no operators for, and that modules can be moved to.
constexpr auto kSecond = c10::DeviceType::HPU;
constexpr c10::DispatchKeySet kSecondKeys(c10::DispatchKey::HPU);

struct HostMemory final : c10::Allocator {
    c10::DataPtr allocate(std::size_t bytes) override {
        void* memory = std::malloc(std::max<std::size_t>(bytes, 1));
        return {memory, memory, &std::free, c10::Device(kSecond, 0)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &std::free; }
    void copy_data(void* to, const void* from, std::size_t bytes) const override {
        default_copy_data(to, from, bytes);
    }
};
HostMemory memory;
REGISTER_ALLOCATOR(kSecond, &memory)

struct Guard final : c10::impl::NoOpDeviceGuardImpl<kSecond> {
    c10::Device exchangeDevice(c10::Device /*device*/) const override { return {kSecond, 0}; }
    c10::Device getDevice() const override { return {kSecond, 0}; }
    c10::Stream getStream(c10::Device /*device*/) const noexcept override {
        return c10::Stream(c10::Stream::DEFAULT, {kSecond, 0});
    }
    c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return stream; }
};
C10_REGISTER_GUARD_IMPL(HPU, Guard)

struct HPUHooks final : at::HPUHooksInterface {
    explicit HPUHooks(at::HPUHooksArgs /*none*/) {}
    void init() const override {}
    bool isBuilt() const override { return true; }
    bool isAvailable() const override { return true; }
    bool hasHPU() const override { return true; }
    bool hasPrimaryContext(c10::DeviceIndex /*index*/) const override { return true; }
    c10::DeviceIndex deviceCount() const override { return 1; }
    c10::DeviceIndex getCurrentDevice() const override { return 0; }
    const at::Generator& getDefaultGenerator(c10::DeviceIndex /*index*/) const override {
        return at::globalContext().defaultGenerator(torch::kCPU);
    }
};
using at::HPUHooksRegistry;
using at::RegistererHPUHooksRegistry;
REGISTER_HPU_HOOKS(HPUHooks)  // LibTorch looks for this name

/// The same memory seen by the CPU.
Tensor onHost(const Tensor& t) {
    if (t.is_cpu()) return t;
    return at::from_blob(t.data_ptr(), t.sizes(), t.strides(), t.options().device(torch::kCPU));
}

Tensor emptyStrided(at::IntArrayRef sizes, at::IntArrayRef strides, std::optional<at::ScalarType> type,
                    std::optional<at::Layout> /*layout*/, std::optional<at::Device> /*device*/,
                    std::optional<bool> /*pinned*/) {
    return at::detail::empty_strided_generic(sizes, strides, &memory, kSecondKeys,
                                             type.value_or(torch::kFloat32));
}

Tensor emptyInFormat(at::IntArrayRef sizes, std::optional<at::ScalarType> type,
                     std::optional<at::Layout> /*layout*/, std::optional<at::Device> /*device*/,
                     std::optional<bool> /*pinned*/, std::optional<at::MemoryFormat> format) {
    return at::detail::empty_generic(sizes, &memory, kSecondKeys, type.value_or(torch::kFloat32), format);
}

Tensor copyFrom(const Tensor& from, const Tensor& to, bool /*nonBlocking*/) {
    onHost(to).copy_(onHost(from));
    return to;
}

Tensor copyFromAndResize(const Tensor& from, const Tensor& to) {
    if (to.sizes() != from.sizes()) to.resize_(from.sizes());
    return copyFrom(from, to, false);
}

Tensor view(const Tensor& t, at::IntArrayRef sizes) {
    const Tensor seen = onHost(t).view(sizes);  // knows what -1 stands for
    return t.as_strided(seen.sizes(), seen.strides(), t.storage_offset());
}

Tensor asStrided(const Tensor& t, at::IntArrayRef sizes, at::IntArrayRef strides,
                 std::optional<std::int64_t> offset) {
    auto result = at::detail::make_tensor<c10::TensorImpl>(c10::TensorImpl::VIEW, c10::Storage(t.storage()),
                                                           t.key_set(), t.dtype());
    auto* impl = result.unsafeGetTensorImpl();
    impl->set_storage_offset(offset.value_or(t.storage_offset()));
    impl->set_sizes_and_strides(sizes, strides);
    return result;
}

Tensor reshapeAlias(const Tensor& t, at::IntArrayRef sizes, at::IntArrayRef strides) {
    return asStrided(t, sizes, strides, {});
}

const Tensor& resize(const Tensor& t, at::IntArrayRef sizes, std::optional<at::MemoryFormat> /*format*/) {
    const auto fresh = at::empty(sizes, t.options());
    t.unsafeGetTensorImpl()->set_storage_keep_dtype(fresh.storage());
    t.unsafeGetTensorImpl()->set_sizes_contiguous(sizes);
    return t;
}

at::Scalar numberOf(const Tensor& t) {
    return onHost(t).item();
}

void refuseStrangers(const Tensor& t, const c10::OperatorHandle& op) {
    TORCH_CHECK(!t.defined() || t.dim() == 0 || t.device().type() == kSecond, op.schema().name(),
                ": expected all tensors on the second device, but one of shape ", t.sizes(), " is on ",
                t.device());
}

void onCpuButStrict(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
    const auto count = op.schema().arguments().size();
    for (const auto& value : torch::jit::last(*stack, count)) {
        if (value.isTensor()) refuseStrangers(value.toTensor(), op);
        if (value.isTensorList())
            for (const Tensor& t : value.toTensorVector()) refuseStrangers(t, op);
    }
    at::native::cpu_fallback(op, stack);
}

Tensor convolve(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias,
                at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                at::IntArrayRef outputPadding, std::int64_t groups) {
    return at::convolution(onHost(x), onHost(weight),
                           bias && bias->defined() ? std::optional(onHost(*bias)) : std::nullopt, stride,
                           padding, dilation, transposed, outputPadding, groups)
        .to(x.device());
}

std::tuple<Tensor, Tensor, Tensor> convolveBackward(const Tensor& gradient, const Tensor& x,
                                                    const Tensor& weight, at::IntArrayRef stride,
                                                    at::IntArrayRef padding, at::IntArrayRef dilation,
                                                    bool transposed, at::IntArrayRef outputPadding,
                                                    std::int64_t groups, std::array<bool, 3> mask) {
    const auto [dx, dWeight, dBias] = at::convolution_backward(
        onHost(gradient), onHost(x), onHost(weight), at::OptionalIntArrayRef({weight.size(0)}), stride,
        padding, dilation, transposed, outputPadding, groups, mask);
    const auto back = [&](const Tensor& t) { return t.defined() ? t.to(x.device()) : t; };
    return {back(dx), back(dWeight), back(dBias)};
}

}  // namespace

TORCH_LIBRARY_IMPL(_, HPU, m) {
    m.fallback(torch::CppFunction::makeFromBoxedFunction<&onCpuButStrict>());
}

TORCH_LIBRARY_IMPL(aten, HPU, m) {
    m.impl("empty.memory_format", &emptyInFormat);
    m.impl("empty_strided", &emptyStrided);
    m.impl("_copy_from", &copyFrom);
    m.impl("_copy_from_and_resize", &copyFromAndResize);
    m.impl("as_strided", &asStrided);
    m.impl("view", &view);
    m.impl("_reshape_alias", &reshapeAlias);
    m.impl("resize_", &resize);
    m.impl("_local_scalar_dense", &numberOf);
    m.impl("convolution_overrideable", &convolve);
    m.impl("convolution_backward_overrideable", &convolveBackward);
}

torch::Device secondDevice() {
    return {kSecond, 0};
}

}  // namespace signet::tests
