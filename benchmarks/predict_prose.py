"""What the page says of `predict` that is no figure of the last run.

Numbers here were measured by hand, when what they tell of was tried.
"""

INTRODUCTION = """A photo, from its bytes to the content of the answer: decoded, turned as its EXIF says (both photos lie upside down), squeezed into the network's square, through the network, judged. The photos are sample photos of the tests, enlarged and with a sensor's noise ({sizes}). EfficientNet-B3 has random weights of usual sizes, brought in by `classifier.import_checkpoint`; all contenders have the same ones, of both networks. Each has a process of its own and waits for its turn. Ours is `predict.classify.Classifier` with the network compiled for each instruction set that this processor has (`load_network` takes the first that is there); what the function does around it is not in these figures. The others:

- *eager timm*: `timm.create_model`, and timm's own `create_transform` behind Pillow's `exif_transpose`; *TorchScript*: the same network traced, frozen and `optimize_for_inference`.
- *ONNX Runtime*, of the same weights, twice: behind timm's transforms, and in place of our network with everything else ours: the same decoding at a fraction of the size, the same verdict. That is the hardest to beat.
- *LitServe* serves eager timm with the same transforms, asked over HTTP on this machine with the photo as the body. Ours is a Lambda function without a server in it, so ours over HTTP is not measured: the difference between LitServe and eager timm is what its server takes.
"""  # noqa: E501 - prose

TRIED = """What was done for it, and what was tried:

- In float32, each alone, as time of ONNX Runtime's on the network alone with 2 threads: squeeze and excitation as plain sums, and normalisation folded or vectorised, from 1.04 to 0.96. Inductor's own matrix products (CPP GEMM templates): 1.75. Pointwise convolutions as linear layers: 1.29. Other malloc arenas: no gain. So oneDNN's convolutions stay.
- In bfloat16, all but the first stage: 0.60 of ONNX Runtime, which has no bfloat16 on these processors. It is served where the processor has it.
- A package for each instruction set, because oneDNN orders a package's weights anew for every photo when it is run with another one (100 ms instead of 45).
- Decoding a JPEG at a power of two of its size, at least twice what the network sees: 35 ms instead of 73 for 12 megapixels. Down to once what the network sees would save 4 ms more there and 3 ms of 1 megapixel; no photos large enough to tell whether that costs accuracy are at hand, so it stays.
- The rest of a request is little: turning 0.4 ms, squeezing 5 to 7 ms (Pillow's bicubic with its usual antialiasing, which training had, too), the verdict 0.1 ms.
- A package is compiled for as many threads as it runs with: the order of the weights depends on that, too, and the shipped network compiled for 2 took 105 ms with 1 and AVX2 instead of 48.
- numpy's matrix product for the verdict has one thread (`OPENBLAS_NUM_THREADS`): its others wait for more by turning round, on the cores that the next photo's network wants. Of photos one after another, 1 megapixel, shipped network: 52 ms with, 37 without.
"""  # noqa: E501 - prose

ANSWERS = """Before anything is timed, all name both photos. How far down eager timm's ranking of its own landmarks the five of another are, at each place, in standard deviations of its logits: none where they are the same five in the same order. On the same pixels more than 0.05 stops the benchmark, on the same bytes, which some decode at a fraction of the size and some whole, more than 0.4: random weights tell apart what no eye does."""  # noqa: E501 - prose

LIMIT = """Floating-point operations of the eager network (a multiply-add is two, counted by PyTorch's `flop_counter`) over the time of the network alone, as a share of what `torch.mm` of two 2048 x 2048 matrices reaches in the same turn in the type that the network computes in: bfloat16 for that package, float32 for all others. A matrix product of this size is the most that the machine does. Of these networks' operations 90 % are pointwise convolutions, products with only 16 to 400 channels on one side in most layers, and 7 to 9 % depthwise ones, which read nearly as much as they compute; the sums and products between them count as nothing here and take time all the same."""  # noqa: E501 - prose

COLD = """From a new interpreter, nothing imported, to the first answer, with bytecode there and files in the page cache, 2 threads, `tests/photos/colosseum.jpg`. Ours is what Lambda does: `predict.handler` is imported as in the init phase, with its AWS client and tracer made, and answers an event of the API; the table is a stand-in in the process. The others import what they need and name the photo, with nothing around it, as does *the classifier alone*. Ratios are of *ours, the whole function*."""  # noqa: E501 - prose

SPARED = """What of `import torch` can be spared: nearly all of it. Of its 1.05 s (`-X importtime`) 0.2 s are its libraries; the rest is 1,100 Python modules that a compiled network never calls, the largest of them `torch._meta_registrations` with `torch._decomp` and `torch._prims` 0.23 s, `torch.nn` 0.17 s, `torch.export` 0.16 s, `torch.distributed` and `torch.fx` below these. Stand-ins for single modules were not tried: they would have to follow every version of PyTorch. Instead the package is run through the C interface that its own code is linked against, which PyTorch keeps stable (`functions/predict/libtorch.py`): the library loads in 0.17 s, and answers are the same to the last bit. Where that does not work, `import torch` is the way round (*by way of `import torch`*). What is left of a start of the shipped network, about 0.55 s on a quiet machine: PyTorch's library 165 ms, AWS client and tracer 100, first run of the network 35, the package unpacked and loaded 25, bundle and its checksums 14, the photo 15, numpy 40, and 150 of other modules, pydantic, Powertools and ours. ONNX Runtime starts quicker and smaller: its library has 35 MB, PyTorch's 434.
"""  # noqa: E501 - prose

WITHOUT_FILES = """Without files in memory ({date}; Linux was made to forget all it had read before each start, as on a host that has never run the function; the disk is this machine's, Lambda's differs):"""  # noqa: E501 - prose

ACCURACY = """The shipped network through the code of `make evaluate`, on {known} photos of the test split, {unknown} of places that are no classes, and {plain} plain scenes ({date}; `make bench SUITE=predict ARGS=--photos=FOLDER`). Per cent: of known photos the first landmark right, the right one among five, the mean over landmarks, and those recognised; of the others those accepted all the same; and of all pictures those with the same first landmark and the same verdict as in eager float32."""  # noqa: E501 - prose
